"""`hub residency scan` and `hub db backup` on a running hub: all at home, then re-tagged, then at home again."""

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest

from hub.stack.backup import EXEMPT, WALKED
from hub.stack.folder import FOLDERS, DataFolder
from hub.stack.postgres import PostgresFolder
from tests.catalog.ledger import run
from tests.fixtures.postgres import ClusterDatabase
from tests.hub.commands.conftest import Town
from tests.hub.commands.terminal import done


def retag(town: Town, place: str) -> None:
    folder = DataFolder.existing(town.root)
    database = ClusterDatabase(cluster=PostgresFolder(folder.postgres_dir, folder.run_dir), name="hub")
    run(database, "UPDATE hub.datasets SET store_in = ARRAY[%s] WHERE slug = %s", place, town.dataset)


def found(town: Town) -> tuple[int, list[dict[str, object]]]:
    said = town.hub("residency", "scan", "--json")
    return said.code, said.json["found"]


def violations(town: Town) -> Counter[tuple[str, str, str]]:
    """How often which rule refused what of the town's dataset at which place."""
    found = done(town.hub("residency", "violations", "--limit", "500", "--json")).json
    return Counter((one["door"], one["rule"], one["place"]) for one in found if town.dataset in str(one))


def test_a_backup_is_labelled_and_found_with_all_else_once_its_dataset_may_not_lie_here(told: Town) -> None:
    backup = done(told.hub("db", "backup", "--json")).json
    file = Path(backup["path"])
    assert told.dataset in backup["datasets"]
    assert (file.stat().st_mode & 0o077, file.read_bytes()[:5]) == (0, b"PGDMP")
    label = json.loads((file.parent / "labels" / f"{file.name}.json").read_text())
    assert label["tags"]["store_in"] == ["DE"]
    assert found(told) == (0, [])
    retag(told, "FR")
    try:
        code, out = found(told)
        kinds = {str(one["kind"]) for one in out}
        assert code == 1
        assert {"object", "text_revisions", "chunks", "backup"} <= kinds
        assert all(told.dataset in str(one["datasets"]) for one in out)
        assert file.name in {one["object"] for one in out}
        table = told.hub("residency", "scan")
        assert (table.code, "ingest.store-outside-store-in" in table.out) == (1, True)
        before = violations(told)
        refused = told.hub("db", "backup")
        assert violations(told) - before == Counter([("index", "ingest.database-outside-store-in", "main-database")])
        assert (refused.code, told.dataset in refused.err + refused.out) == (8, True)
        assert len(list(file.parent.glob("*.dump"))) == len(list((file.parent / "labels").iterdir()))
    finally:
        retag(told, "DE")
    assert found(told) == (0, [])


def test_backups_are_listed_with_what_refuses_them_and_one_is_removed_in_writing(told: Town) -> None:
    made = done(told.hub("db", "backup", "--json")).json
    name, level = Path(made["path"]).name, made["tags"]["classification"]
    stray = told.root / "backups" / "stray.dump"
    stray.write_bytes(b"PGDMP")

    def listed() -> dict[str, dict[str, object]]:
        return {one["file"]: one for one in done(told.hub("db", "backups", "--json")).json}

    assert (listed()[name]["refused_by"], listed()[name]["classification"]) == (None, level)
    assert (listed()["stray.dump"]["refused_by"], listed()["stray.dump"]["datasets"]) == ("default-deny", [])
    retag(told, "FR")
    try:
        assert listed()[name]["refused_by"] == "ingest.database-outside-store-in"
        out = done(told.hub("db", "backups")).out
        assert all(word in out for word in (name, told.dataset, "ingest.database-outside-store-in"))
        for file in (name, "stray.dump"):
            done(told.hub("db", "remove-backup", file, "--reason", "may not lie here"))
    finally:
        retag(told, "DE")
    assert not {name, "stray.dump"} & listed().keys()
    assert not [path for path in (told.root / "backups").rglob("*") if name in path.name]
    acts = done(told.hub("audit", "--reason", "what was removed", "--type", "backup.removed", "--json")).json
    assert [(one["object"], one["detail"]["reason"]) for one in acts[:2]] == [
        ("backup:stray.dump", "may not lie here"),
        (f"backup:{name}", "may not lie here"),
    ]
    assert told.dataset in acts[1]["detail"]["datasets"]


@pytest.mark.parametrize("name", ["nothing.dump", "../backups/labels", "labels", "../hub.env"])
def test_only_a_file_among_the_backups_is_removed(told: Town, name: str) -> None:
    before = sorted(path.name for path in told.root.iterdir())
    said = told.hub("db", "remove-backup", name, "--reason", "a try")
    assert (said.code, "hub db backups" in said.err) == (5, True)
    assert sorted(path.name for path in told.root.iterdir()) == before


def test_every_folder_of_the_data_folder_is_walked_or_exempt_for_a_reason() -> None:
    assert set(FOLDERS) == WALKED | EXEMPT.keys()
    assert not WALKED & EXEMPT.keys()


def test_an_upload_that_was_left_behind_is_found_and_one_under_way_is_not(told: Town) -> None:
    left, waits = told.root / "incoming" / "left", told.root / "incoming" / "waits"
    for path in (left, waits):
        path.write_bytes(b"somebody's text")
    old = time.time() - 2 * 3600
    os.utime(left, (old, old))
    try:
        code, out = found(told)
    finally:
        left.unlink()
        waits.unlink()
    assert (code, [(one["kind"], one["object"]) for one in out]) == (1, [("file", "incoming/left")])


def test_a_file_among_the_backups_without_a_label_is_found(told: Town) -> None:
    stray = told.root / "backups" / "stray.dump"
    stray.write_bytes(b"PGDMP")
    try:
        code, out = found(told)
    finally:
        stray.unlink()
    assert (code, [(one["kind"], one["object"], one["rule"]) for one in out]) == (
        1,
        [("file", "stray.dump", "default-deny")],
    )
