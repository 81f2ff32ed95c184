"""A crawl that was cut short goes on where it stopped; one attack that breaks is told and the next one runs."""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from catalog.errors import ConflictError, SettingsError
from hub.commands.evaluation import app
from hub.evaluation.crawl.plan import ARMS, ASKING, INSIDER, LOCAL, MISUSE, SEES, Plan, jobs
from hub.evaluation.crawl.results import Results
from hub.evaluation.crawl.run import told
from hub.evaluation.crawl.stage import Generator

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
    assert len(names) == len(set(names)) == len(ARMS) * len(ASKING) + 2 * 2 + 2 * 2
    assert names[:2] == ["A4 greedy: no defence", "A4 greedy: budgets"]
    assert {f"{who}: {arm}" for who in (MISUSE, INSIDER) for arm in ("no defence", "budgets")} < set(names)
    assert {f"{who}: {arm}" for who in ASKING for arm in ARMS} < set(names)


def test_a_real_model_is_asked_by_three_adversaries_with_a_defence_and_without() -> None:
    plan = replace(PLAN, generator=Generator.LOCAL)
    assert [job.name for job in jobs(plan)] == [f"{who}: {arm}" for arm in ("no defence", "budgets") for who in LOCAL]


def test_every_adversary_but_the_colluders_has_a_yardstick_that_says_where_it_is_from() -> None:
    assert set(SEES) == {*ASKING, MISUSE, INSIDER}
    assert all(0 < one.least < 1 and one.source for one in SEES.values())


def test_fewer_questions_must_reach_less_and_more_no_more_than_the_yardstick() -> None:
    plan = replace(PLAN, records=2_000, questions=1_000)
    assert (plan.least("A4 greedy"), plan.least("A8 agent")) == (0.6, 0.04)
    assert replace(plan, questions=500).least("A4 greedy") == 0.3
    assert replace(plan, questions=9_000).least("A4 greedy") == 0.6


def test_a_benchmark_that_has_not_seen_its_yardstick_does_not_say_it_sees() -> None:
    results = Results(plan={})
    assert told(PLAN, results)["sees"] == []
    results.add("A4", FOUND)
    results.add("A1", {**FOUND, "adversary": "A1 repeat", "chunk_coverage": 0.0})
    got = told(PLAN, results)
    assert [(one["adversary"], one["met"]) for one in got["sees"]] == [("A1 repeat", False), ("A4 greedy", True)]
    assert got["blind"] == ["A1 repeat"]


def test_what_an_adversary_gets_behind_a_defence_is_not_what_the_benchmark_sees() -> None:
    results = Results(plan={})
    results.add("A4", {**FOUND, "arm": "budgets"})
    assert told(PLAN, results)["sees"] == []


def test_a_real_model_is_not_held_against_the_yardsticks_of_an_echo() -> None:
    results = Results(plan={})
    results.add("A4", {**FOUND, "chunk_coverage": 0.0})
    got = told(replace(PLAN, generator=Generator.LOCAL), results)
    assert (got["sees"], got["blind"], got["through"]) == ([], [], "questions, local")


def test_a_generator_nobody_has_is_refused_before_a_hub_is_started() -> None:
    error = CliRunner().invoke(app, ["crawl", "--generator", "oracle"]).exception
    assert isinstance(error, SettingsError)
    assert str(error) == "'oracle' writes no answers. Give one of: echo, local."
