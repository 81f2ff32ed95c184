"""The residency scan finds exactly what a test misplaces: an object, a row, a file; and nothing else."""

import io
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from catalog import backups, chunks, document_laws, document_tags, documents, labels, scan, withdrawals
from catalog.db import Auditor, Database, Worker
from catalog.errors import SettingsError
from catalog.labels import Label
from catalog.objects import FolderStore
from catalog.policy.facts import surroundings
from catalog.scan import EXEMPT, KINDS, SCANNED, Finding
from catalog.tables import metadata
from catalog.vocabulary import DatasetId, Door, Sha256
from migrations.files import SQL
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import stand

HOME = {
    "classification": "internal",
    "store_in": ["DE"],
    "process_in": ["DE"],
    "access_from": ["EU"],
    "forbidden_legal_control": [],
    "forbidden_model_origins": [],
    "purposes": ["research"],
}
FAR = {**HOME, "store_in": ["FR"]}
MADE = {"rivers": b"The Elbe.", "lakes": b"The lake is deep and cold.", "far": b"The Seine."}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    made = FolderStore(tmp_path / "objects", place="store")
    made.prepare()
    return made


@pytest.fixture
def kept(nation: Nation, store: FolderStore) -> Nation:
    """Rivers and lakes, each with a document, its original and an answer; `far`, for FR alone, has nothing."""
    nation.person("ada")
    for slug in ("rivers", "lakes"):
        nation.dataset(slug)
        nation.document(slug, f"{slug}.md", [MADE[slug].decode()])
        assert store.put(io.BytesIO(MADE[slug])).sha256
        answered(nation, slug)
    nation.dataset("far", store_in=["FR"], listed=False)
    return nation


def answered(nation: Nation, *slugs: str) -> UUID:
    ids = [nation.datasets[slug] for slug in slugs]
    made: UUID = value(
        nation.database,
        """INSERT INTO hub.turns (person_id, purpose, question, answer, dataset_ids)
           VALUES (%s, 'research', 'A question', '{"text": "x"}', %s) RETURNING id""",
        nation.people["ada"],
        ids,
    )
    return made


def handed_in(nation: Nation, slug: str, body: bytes, store: FolderStore) -> str:
    """A file of a dataset in the store, past every door."""
    stored = store.put(io.BytesIO(body))
    dataset = nation.datasets[slug]
    with nation.operator.begin(OPERATOR) as session:
        documents.submit(
            session,
            dataset_id=dataset,
            submission_id=documents.open_submission(session, dataset),
            name="a.bin",
            sha256=Sha256(stored.sha256),
            size_bytes=stored.size_bytes,
        )
    return str(stored.sha256)


def scanned(
    nation: Nation, store: FolderStore, told: Iterable[Label] = (), unlabelled: Iterable[str] = ()
) -> list[Finding]:
    with nation.operator.begin(OPERATOR) as session:
        here = surroundings(session, nation.site, sealed=True)
        return scan.scan(session, here, store=store, labels=told, unlabelled=unlabelled)


def names(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(one.kind, one.object) for one in found]


def label(file: str, *slugs: str, tags: dict[str, Any] | None = None) -> Label:
    return Label(file=file, datasets=slugs, tags=tags or HOME)


def test_where_everything_lies_at_home_nothing_is_found(kept: Nation, store: FolderStore) -> None:
    assert scanned(kept, store, [label("hub-1.dump", "rivers", "lakes")]) == []


def test_it_finds_exactly_the_object_the_row_and_the_backup_that_were_misplaced(
    kept: Nation, store: FolderStore
) -> None:
    address = handed_in(kept, "far", MADE["far"], store)
    turn = answered(kept, "rivers", "far")
    backups = [label("hub-1.dump", "rivers", "lakes"), label("hub-2.dump", "lakes", "far")]
    found = scanned(kept, store, backups)
    far = kept.datasets["far"]
    assert found == [
        Finding(kind="object", object=address, dataset_ids=(far,), place="store", door=found[0].door,
                rule="ingest.store-outside-store-in", tag="store_in"),
        Finding(kind="turns", object=str(turn), dataset_ids=(far,), place="database", door=found[1].door,
                rule="ingest.database-outside-store-in", tag="store_in"),
        Finding(kind="backup", object="hub-2.dump", dataset_ids=(kept.datasets["lakes"], far), place="database",
                door=found[2].door, rule="ingest.database-outside-store-in", tag="store_in"),
    ]  # fmt: skip
    assert [one.door for one in found] == ["object", "index", "index"]


def test_every_table_that_holds_something_made_from_text_is_walked(kept: Nation, store: FolderStore) -> None:
    """Re-tagged, all of the lakes is out of place in every table, and nothing of the rivers."""
    run(kept.database, "UPDATE hub.datasets SET store_in = '{FR}' WHERE slug = 'lakes'")
    found = scanned(kept, store)
    assert {one.kind for one in found} == {*SCANNED, "object"}
    assert {one.dataset_ids for one in found} == {(kept.datasets["lakes"],)}
    assert all(one.held >= 1 for one in found)
    assert next(one.held for one in found if one.kind == "lexeme_counts") > 1


def test_of_a_document_that_is_stricter_than_its_dataset_what_was_made_from_it_is_found_and_no_other(
    kept: Nation, store: FolderStore
) -> None:
    """Its dataset may lie here; the rivers' other document, too."""
    kept.dataset("seas", store_in=["DE", "FR"])
    kept.document("seas", "open.md", ["The sea is open."])
    version = kept.document("seas", "narrow.md", ["The sea is narrow."])
    address = str(value(kept.database, "SELECT sha256 FROM hub.document_versions WHERE id = %s", version))
    store.put(io.BytesIO(b"The sea is narrow."))
    with kept.operator.begin(OPERATOR) as session:
        document_laws.retag(session, kept.document_of("narrow.md"), document_tags.tags(store_in=["FR"]))
    turn = value(
        kept.database,
        """INSERT INTO hub.turns (person_id, purpose, question, answer, dataset_ids, chunk_ids)
           SELECT %s, 'research', 'A question', '{"text": "x"}', array_agg(DISTINCT c.dataset_id), array_agg(c.id)
             FROM hub.chunks c WHERE c.version_id = %s RETURNING id""",
        kept.people["ada"],
        version,
    )
    found = scanned(kept, store)
    revision = value(kept.database, "SELECT id FROM hub.text_revisions WHERE version_id = %s", version)
    seas = kept.datasets["seas"]
    counts = {("lexeme_counts", str(seas)), ("index_sizes", str(seas))}
    expected = {
        *(("object", address), ("chunks", str(version)), ("text_revisions", str(revision)), ("turns", str(turn))),
        ("text_traces", str(seas)),
    }
    assert set(names(found)) == expected | counts, "the counts of its dataset's words are made of it, too"
    assert {one.dataset_ids for one in found} == {(seas,)}
    with kept.operator.begin(OPERATOR) as session:
        withdrawals.withdraw(session, kept.document_of("narrow.md"), reason="It goes to France.")
    with kept.worker.begin(Worker(name="test", dataset_id=seas)) as session:
        chunks.take_out(session, seas, version)
    assert set(names(scanned(kept, store))) == expected, "out of the index it is counted no more, but kept"


def test_what_is_made_from_a_document_is_refused_by_the_rule_its_own_tags_break(
    kept: Nation, store: FolderStore
) -> None:
    stand(kept, "database", "DE", under=("DE", "US"))
    kept.dataset("seas", store_in=["DE", "FR"])
    tags = {"far.md": document_tags.tags(store_in=["FR"]), "own.md": document_tags.tags(forbidden_legal_control=["US"])}
    versions = {name: kept.document("seas", name, [f"The sea of {name}."]) for name in tags}
    with kept.operator.begin(OPERATOR) as session:
        for name, own in tags.items():
            document_laws.retag(session, kept.document_of(name), own)
    rules = {one.object: one.rule for one in scanned(kept, store) if one.kind == "chunks"}
    assert rules == {
        str(versions["far.md"]): "ingest.database-outside-store-in",
        str(versions["own.md"]): "any.forbidden-legal-control",
    }


def test_a_law_that_reaches_the_site_puts_all_of_it_out_of_place(kept: Nation, store: FolderStore) -> None:
    run(kept.database, "UPDATE hub.datasets SET forbidden_legal_control = '{US}' WHERE slug = 'lakes'")
    assert scanned(kept, store) == []
    stand(kept, "store", "DE", under=("DE", "US"))
    found = scanned(kept, store)
    assert {(one.rule, one.tag) for one in found} == {("any.forbidden-legal-control", "forbidden_legal_control")}
    assert {one.kind for one in found} == {*SCANNED, "object"}


def test_a_store_that_moved_holds_what_it_may_not_and_the_database_nothing(kept: Nation, store: FolderStore) -> None:
    stand(kept, "store", "FR")
    found = scanned(kept, store)
    assert {one.kind for one in found} == {"object"}
    assert len(found) == 2


def test_one_original_of_two_datasets_may_lie_where_both_may(kept: Nation, store: FolderStore) -> None:
    address = handed_in(kept, "far", MADE["rivers"], store)
    assert names(scanned(kept, store)) == [("object", address)]


def test_what_a_withdrawn_dataset_left_is_still_held_to_its_tags(kept: Nation, store: FolderStore) -> None:
    address = handed_in(kept, "far", MADE["far"], store)
    run(kept.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'far'")
    assert names(scanned(kept, store)) == [("object", address)]


def test_an_object_nobody_answers_for_is_found_once_it_can_be_no_upload(kept: Nation, store: FolderStore) -> None:
    stored = store.put(io.BytesIO(b"nobody's"))
    assert scanned(kept, store) == []
    kept.step_clock(timedelta(hours=2))
    (found,) = scanned(kept, store)
    assert (found.kind, found.object, found.rule) == ("object", stored.sha256, "default-deny")


def test_what_an_upload_left_half_written_is_found_too(kept: Nation, store: FolderStore, tmp_path: Path) -> None:
    left = tmp_path / "objects" / "incoming" / "0123"
    left.write_bytes(b"half")
    old = (datetime.now(UTC) - timedelta(hours=3)).timestamp()
    os.utime(left, (old, old))
    assert names(scanned(kept, store)) == [("object", "0123")]


def test_a_file_is_held_to_its_label_to_todays_tags_and_to_having_one(kept: Nation, store: FolderStore) -> None:
    backups = [
        label("at-home.dump", "rivers"),
        label("by-its-label.dump", "rivers", tags=FAR),
        label("of-nothing.dump"),
        label("of-somebody-unknown.dump", "rivers", "no-such"),
    ]
    found = scanned(kept, store, backups, ["stray.dump"])
    assert [(one.kind, one.object, one.rule) for one in found] == [
        ("backup", "by-its-label.dump", "ingest.database-outside-store-in"),
        ("backup", "of-somebody-unknown.dump", "default-deny"),
        ("file", "stray.dump", "default-deny"),
    ]
    run(kept.database, "UPDATE hub.datasets SET store_in = '{FR}' WHERE slug = 'rivers'")
    assert ("backup", "at-home.dump") in names(scanned(kept, store, backups))


def test_a_backup_that_holds_a_document_that_became_stricter_since_is_found_and_an_earlier_one_not(
    kept: Nation, store: FolderStore
) -> None:
    def made(file: str, *slugs: str) -> Label:
        at = value(kept.database, "SELECT hub.hub_now()")
        return Label(file=file, datasets=slugs, tags=HOME, made_at=at)

    kept.dataset("seas", store_in=["DE", "FR"])
    kept.document("seas", "open.md", ["The sea is open."])
    before = made("before.dump", "rivers", "seas")
    kept.step_clock(timedelta(minutes=1))
    kept.document("seas", "narrow.md", ["The sea is narrow."])
    later = [made("with-it.dump", "seas"), made("of-others.dump", "rivers"), label("undated.dump", "seas")]
    assert scanned(kept, store, [before, *later]) == []
    with kept.operator.begin(OPERATOR) as session:
        document_laws.retag(session, kept.document_of("narrow.md"), document_tags.tags(store_in=["FR"]))
    found = [one for one in scanned(kept, store, [before, *later]) if one.kind == "backup"]
    assert [(one.object, one.rule, one.dataset_ids) for one in found] == [
        (file, "ingest.database-outside-store-in", (kept.datasets["seas"],))
        for file in ("with-it.dump", "undated.dump")
    ]


def test_no_backup_is_made_of_a_document_that_may_not_lie_here_and_its_dataset_is_named(
    kept: Nation, store: FolderStore
) -> None:
    def labelled() -> Label | backups.Refused:
        with kept.operator.begin(OPERATOR) as session:
            return backups.label_for(session, surroundings(session, kept.site, sealed=True), "hub.dump")

    def narrow(document: UUID) -> None:
        with kept.operator.begin(OPERATOR) as session:
            document_laws.retag(session, document, document_tags.tags(store_in=["FR"]))

    kept.dataset("seas", store_in=["DE", "FR"])
    kept.document("seas", "open.md", ["The sea is open."])
    handed_in(kept, "seas", b"never read", store)
    narrow(kept.document_of("a.bin"))
    made = labelled()
    assert isinstance(made, Label)
    assert (made.datasets, made.tags["store_in"]) == (("lakes", "rivers", "seas"), ["DE"]), "no text of it was read"
    narrow(kept.document_of("open.md"))
    refused = labelled()
    assert isinstance(refused, backups.Refused)
    assert "database (seas)" in refused.sentence
    assert rows(kept.database, "SELECT door, rule, tag, place, dataset_ids, actor FROM hub.violations") == [
        ("index", "ingest.database-outside-store-in", "store_in", "database", [kept.datasets["seas"]], "operator:test")
    ]


def test_a_label_keeps_its_moment_and_an_old_one_has_none(tmp_path: Path) -> None:
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    for one in (label("old.dump", "rivers"), replace(label("today.dump", "rivers"), made_at=at)):
        labels.write(tmp_path, one)
    old = tmp_path / labels.FOLDER / "old.dump.json"
    told = json.loads(old.read_text())
    del told["made_at"]
    old.write_text(json.dumps(told))
    assert [(one.file, one.made_at) for one in labels.read(tmp_path / labels.FOLDER)] == [
        ("old.dump", None),
        ("today.dump", at),
    ]


def test_what_is_found_is_kept_told_and_gone_when_it_lies_there_no_more(
    kept: Nation, store: FolderStore, auditors: Database
) -> None:
    address = handed_in(kept, "far", MADE["far"], store)
    turn = answered(kept, "far")

    def go() -> int:
        with kept.operator.begin(OPERATOR) as session:
            here = surroundings(session, kept.site, sealed=True)
            return scan.keep(session, scan.scan(session, here, store=store), KINDS)

    assert (go(), go()) == (2, 0)
    violations = rows(kept.database, "SELECT door, rule, place, dataset_ids, actor FROM hub.violations ORDER BY door")
    assert violations == [
        ("index", "ingest.database-outside-store-in", "database", [kept.datasets["far"]], "operator:test"),
        ("object", "ingest.store-outside-store-in", "store", [kept.datasets["far"]], "operator:test"),
    ]
    with auditors.begin(Auditor(name="ines")) as session:
        assert names(scan.current(session)) == [("object", address), ("turns", str(turn))]
    store.remove(Sha256(address))
    run(kept.database, "DELETE FROM hub.turns WHERE id = %s", turn)
    kept.step_clock(timedelta(minutes=1))
    assert go() == 0
    with auditors.begin(Auditor(name="ines")) as session:
        assert scan.current(session) == []
    assert value(kept.database, "SELECT count(*) FROM hub.findings WHERE gone_at > found_at") == 2
    told = [detail for _, _, detail in events(kept.database, "residency.scanned")]
    assert [(one["found"], one["new"]) for one in told] == [(2, 2), (2, 0), (0, 0)]


def test_a_scan_of_some_kinds_leaves_what_others_found(kept: Nation) -> None:
    def keep(found: list[Finding], kinds: Iterable[str]) -> int:
        with kept.operator.begin(OPERATOR) as session:
            return scan.keep(session, found, kinds)

    stray = Finding(kind="file", object="x", dataset_ids=(), place="database", door=Door.SITE,
                    rule="default-deny", tag="store_in")  # fmt: skip
    assert keep([stray], KINDS) == 1
    assert keep([], scan.KINDS_BY_LABEL) == 0
    with kept.operator.begin(OPERATOR) as session:
        assert names(scan.current(session)) == [("file", "x")]
        assert value(kept.database, "SELECT count(*) FROM hub.violations") == 0


def test_the_worker_scans_at_night_and_reads_no_word_by_it(kept: Nation, store: FolderStore) -> None:
    address = handed_in(kept, "far", MADE["far"], store)
    nobody = Worker(name="night", dataset_id=DatasetId(UUID(int=0)))
    with kept.worker.begin(nobody) as session:
        here = surroundings(session, kept.site, sealed=True)
        found = scan.scan(session, here, store=store)
        assert scan.keep(session, found, scan.KINDS_BY_LABEL) == 1
        for table in ("chunks", "text_revisions", "datasets"):
            assert session.execute(text(f"SELECT count(*) FROM hub.{table}")).scalar_one() == 0  # noqa: S608
    assert names(found) == [("object", address)]


def test_a_sealed_role_owns_the_functions_and_has_no_column_of_text(kept: Nation) -> None:
    granted = rows(
        kept.database,
        """SELECT table_name::text, column_name::text FROM information_schema.column_privileges
            WHERE grantee = 'hub_scanner' AND table_schema = 'hub' ORDER BY 1, 2""",
    )
    told = {column for _, column in granted}
    assert told.isdisjoint({"body", "heading", "lexemes", "lexeme", "embedding", "question", "answer", "note", "print"})
    assert {table for table, _ in granted} == {*SCANNED, "datasets", "documents", "document_laws", "document_versions"}


def test_every_table_is_declared_walked_or_exempt_for_a_reason() -> None:
    """A new table: say in `catalog/scan.py` whether its rows are made from documents, and walk it if they are."""
    assert {table.name for table in metadata.tables.values()} == SCANNED | EXEMPT.keys()
    assert not SCANNED & EXEMPT.keys()
    walked = (
        (SQL / "residency_scan.sql")
        .read_text(encoding="utf-8")
        .split("CREATE FUNCTION hub.scanned_rows(")[1]
        .split("$$;")[0]
    )
    assert all(f"SELECT '{table}'" in walked for table in SCANNED)
    for table in metadata.tables.values():
        if {"dataset_id", "dataset_ids", "lineage_id"} & set(table.columns.keys()) and table.name in EXEMPT:
            assert len(EXEMPT[table.name]) > 5, table.name


def test_the_database_holds_no_table_the_declaration_forgets(kept: Nation) -> None:
    found = rows(kept.database, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'hub'")
    assert {name for (name,) in found} - {"alembic_version"} == SCANNED | EXEMPT.keys()


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([HOME], {"classification": "internal", "store_in": ["DE"], "access_from": ["EU"]}),
        ([HOME, FAR], {"store_in": [], "process_in": ["DE"]}),
        ([HOME, {**HOME, "store_in": ["DE", "FR"]}], {"store_in": ["DE"]}),
        ([HOME, {**HOME, "classification": "secret"}], {"classification": "secret"}),
        ([{**HOME, "forbidden_legal_control": ["US"]}, {**HOME, "forbidden_legal_control": ["CN"]}],
         {"forbidden_legal_control": ["CN", "US"]}),
        ([{**HOME, "purposes": ["research", "statistics"]}, HOME], {"purposes": ["research"]}),
        ([], {"classification": "public", "store_in": [], "access_from": []}),
    ],
)  # fmt: skip
def test_the_strictest_of_tags_is_what_all_allow(sources: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    groups = {"EU": frozenset({"DE", "FR"})}
    found = labels.strictest(sources, groups)
    assert {tag: found[tag] for tag in expected} == expected


def test_a_label_is_read_as_it_was_written_and_a_broken_one_is_said(tmp_path: Path) -> None:
    labels.write(tmp_path, label("hub-1.dump", "rivers"))
    (told,) = labels.read(tmp_path / labels.FOLDER)
    assert (told.file, told.datasets, told.tags["store_in"]) == ("hub-1.dump", ("rivers",), ("DE",))
    for broken in ("", "{}", '{"file": "x", "datasets": ["a"], "tags": {"classification": "none"}}'):
        (tmp_path / labels.FOLDER / "zz.json").write_text(broken)
        with pytest.raises(SettingsError, match=r"zz\.json can't be read"):
            list(labels.read(tmp_path / labels.FOLDER))
    labels.forget(tmp_path, "hub-1.dump")
    labels.forget(tmp_path, "zz")
    assert list(labels.read(tmp_path / labels.FOLDER)) == []
