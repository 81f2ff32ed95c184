"""A crawl that was cut short goes on where it stopped; one attack that breaks is told and the next one runs."""

import json
from pathlib import Path

import httpx
import pytest

from catalog.errors import ConflictError
from hub.evaluation.crawl.results import Results
from hub.evaluation.crawl.run import INSIDER, MISUSE, Plan, jobs, told

PLAN = Plan(seed=7, records=20, questions=10, days=1, colluders=[2, 25], searching=False)
FOUND = {"adversary": "A4 greedy", "arm": "no defence", "chunk_coverage": 0.7, "violations": []}


def test_what_is_done_is_there_for_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "crawl.jsonl"
    Results(plan={"seed": 7, "colluders": (2, 5)}, path=file).add("A4", FOUND)
    again = Results(plan={"seed": 7, "colluders": [2, 5]}, path=file)
    assert again.found == {"A4": FOUND}
    again.add("A5", FOUND)
    assert [json.loads(line).get("name") for line in file.read_text().splitlines()] == [None, "A4", "A5"]


def test_a_line_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    file = tmp_path / "crawl.jsonl"
    Results(plan={"seed": 7}, path=file).add("A4", FOUND)
    file.write_text(file.read_text()[:-9])
    cut = Results(plan={"seed": 7}, path=file)
    assert cut.found == {}
    cut.add("A4", FOUND)
    assert Results(plan={"seed": 7}, path=file).found == {"A4": FOUND}


def test_results_of_another_size_are_not_mixed_in(tmp_path: Path) -> None:
    file = tmp_path / "crawl.jsonl"
    Results(plan={"seed": 7}, path=file)
    with pytest.raises(ConflictError, match="another size or seed"):
        Results(plan={"seed": 8}, path=file)


def test_an_attack_that_breaks_is_told_and_a_fault_of_ours_is_not_hidden() -> None:
    results = Results(plan={})
    with results.trying("A7"):
        raise httpx.ReadTimeout("")
    assert results.failed == {"A7": "ReadTimeout"}
    with pytest.raises(KeyError), results.trying("A9"):
        raise KeyError


def test_every_adversary_has_its_turn_once_and_those_the_claim_rests_on_come_first() -> None:
    names = [job.name for job in jobs(PLAN)]
    assert len(names) == len(set(names)) == 3 * 6 + 2 * 2 + 2
    assert names[:2] == ["A4 greedy: no defence", "A4 greedy: budgets"]
    assert {f"{MISUSE}: budgets", f"{INSIDER}: budgets"} < set(names)


def test_a_benchmark_that_has_not_seen_its_yardstick_does_not_say_it_sees() -> None:
    results = Results(plan={})
    assert told(PLAN, results)["sees"] == {"least": 0.6, "found": None, "met": False}
    results.add("A4", FOUND)
    assert told(PLAN, results)["sees"]["met"] is True
