"""`hub eval` and the demo on a running hub, from files to figures."""

import csv
import json
from pathlib import Path

from catalog.vocabulary import RefusalKind
from hub.demo.files import REFUSED
from tests.hub.commands.conftest import Town
from tests.hub.commands.terminal import done
from tests.hub.demo.written import by_dataset
from tests.hub.evaluation.test_reading import CORPUS, QRELS, QUERIES

HEAD = ["path", "category", "format", "expected_outcome", "must_contain", "must_not_contain", "match"]


def test_a_judged_set_is_measured_in_every_mode(told: Town, tmp_path: Path) -> None:
    folder = tmp_path / "tiny_set"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, CORPUS)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)))
    (folder / "qrels.tsv").write_text(QRELS)
    found = done(told.hub("eval", "retrieval", str(folder), "--json")).json
    assert (found["set"], found["documents"], found["queries"]) == ("tiny_set", 3, 2)
    assert set(found["modes"]) == {"lexical", "dense", "hybrid"}
    for measures in found["modes"].values():
        assert set(measures) == {"ndcg@10", "recall@10", "recall@100"}
        assert all(0 <= value <= 1 for value in measures.values())
    assert found["modes"]["lexical"]["ndcg@10"] >= 0.5
    rows = done(told.hub("dataset", "list", "--json")).json
    assert any(row["dataset"]["slug"].startswith("evaluation-tiny-set-") for row in rows)


def test_only_the_modes_asked_for_are_measured(told: Town, tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(json.dumps(CORPUS[1]))
    (tmp_path / "queries.jsonl").write_text(json.dumps(QUERIES[1]))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq2\td 2\t1\n")
    table = done(told.hub("eval", "retrieval", str(tmp_path), "--modes", "lexical")).out
    assert "1 document, 1 question" in table
    assert "lexical  1.0" in table
    assert "dense" not in table


def manifest(folder: Path, *rows: list[str]) -> Path:
    path = folder / "manifest.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


def test_each_file_of_a_manifest_is_compared_with_its_row(told: Town, tmp_path: Path) -> None:
    (tmp_path / "right.txt").write_text("The levy is 31 euros per hectare.")
    (tmp_path / "wrong.txt").write_text("The levy is 31 euros per hectare.\nAnd more.")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "a.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    path = manifest(
        tmp_path,
        ["right.txt", "text", "txt", "ok", "31 euros || hectare", "", "exact"],
        ["wrong.txt", "text", "txt", "ok", "99 euros", "", "exact"],
        ["empty.txt", "text", "txt", "rejected: empty", "", "", "exact"],
        ["a.zip", "archive", "zip", "ok", "x", "", "exact"],
    )
    found = done(told.hub("eval", "documents", str(path), "--json")).json
    assert (found["rows"], found["as_expected"]) == (4, 3)
    (miss,) = found["unexpected"]
    assert (miss["path"], miss["got"]) == ("wrong.txt", "ok")
    assert "missing" in miss["why"]
    assert found["needing_no_ocr"] == {"rows": 3, "as_expected": 2}


def test_a_manifest_that_names_absent_files_takes_none_in(told: Town, tmp_path: Path) -> None:
    path = manifest(tmp_path, ["gone.txt", "text", "txt", "ok", "", "", "exact"])
    said = told.hub("eval", "documents", str(path))
    assert said.code == 4
    assert "names 1 files that are not there, for example gone.txt" in said.err


def test_the_demo_is_loaded_once_and_asked_by_each_as_they_may(told: Town) -> None:
    first = done(told.hub("demo", "load", "--json"))
    assert first.json == {"loaded": True}
    assert first.err == ""
    assert done(told.hub("demo", "load", "--json")).json == {"loaded": False}
    slugs = {row["dataset"]["slug"]: row["documents"] for row in done(told.hub("dataset", "list", "--json")).json}
    made = {slug: len(set(names) - set(REFUSED)) for slug, names in by_dataset().items()}
    assert {slug: slugs[slug] for slug in made} == made
    refused = done(told.hub("demo", "questions", "--as", "mia", "--json")).json
    assert (refused["refused"], refused["answerable"], refused["unanswerable"]) == (40, 28, 12)
    assert {row["got"] for row in refused["questions"]} == {"not-permitted"}
    asked = done(told.hub("demo", "questions", "--json")).json
    assert asked["right_passage_cited"] >= 14
    assert len(asked["questions"]) == 40
    assert asked["refused"] == sum(row["got"] in set(RefusalKind) for row in asked["questions"])
