"""The residency scan and the labels of backups, taken down one line at a time."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

SCAN: Final = "tests/catalog/test_scan.py"
JOBS: Final = "tests/catalog/test_jobs.py"
COMMAND: Final = "tests/hub/commands/test_scan.py"


def scan_mutants() -> Iterator[Mutant]:
    """What is looked at, what is held to which tags, and what becomes of a finding."""
    yield from _looked_at()
    yield from _kept()


def _looked_at() -> Iterator[Mutant]:
    file = "catalog/scan.py"
    yield mutant("scan: no object", file, "            if breach:\n                yield _finding(OBJECT",
                 "            if False:\n                yield _finding(OBJECT", SCAN)  # fmt: skip
    yield mutant("scan: an object nobody answers for", file, "elif kept_at < before:", "elif False:", SCAN)
    yield mutant("scan: an upload under way", file, "store, now - GRACE)", "store, now)", SCAN)
    yield mutant("scan: one source is enough", "catalog/sources.py", "for breach in (*found, *own) if breach",
                 "for breach in (*list(found)[:1], *own) if breach", SCAN)  # fmt: skip
    yield mutant("scan: a file by its old label alone", file,
                 "breach = sources.forbids_copy(named, label.made_at) or next(", "breach = next(", SCAN)  # fmt: skip
    yield mutant("scan: a file by todays tags alone", file,
                 "label.made_at) or next(iter(breaches), None)", "label.made_at)", SCAN)  # fmt: skip
    yield mutant("scan: a label of somebody unknown", file, "if len(named) < len(label.datasets):", "if False:", SCAN)
    yield mutant("scan: a file without a label", file, "for name in unlabelled)", "for name in ())", SCAN)
    copy = "catalog/sources.py"
    yield mutant("scan: a copy by its datasets alone", copy, "self.forbids(datasets) or next(held, None)",
                 "self.forbids(datasets)", SCAN)  # fmt: skip
    yield mutant(
        "scan: a copy by documents it has not", copy, "(made_at is None or one.since <= made_at)", "True", SCAN
    )
    yield mutant("scan: a copy by another datasets documents", copy, "if one.dataset_id in datasets and", "if", SCAN)
    yield mutant(
        "scan: an undated copy holds nothing", copy, "(made_at is None or one.since", "(made_at and one.since", SCAN
    )
    own = "    own = stricter_tags(session, tags, here.groups)\n"
    yield mutant("scan: by the dataset's tags alone", file, own, "    own = []\n", SCAN)
    sql = f"{SQL}/residency_scan.sql"
    turns = "FROM hub.turns t WHERE t.dataset_ids && p_datasets"
    yield mutant("scan: no history", sql, turns, "FROM hub.turns t WHERE false", SCAN)
    versions = "WHERE c.version_id = ANY (p_versions) AND NOT t.dataset_ids && p_datasets GROUP BY t.id"
    yield mutant("scan: no history of stricter documents", sql, versions, "WHERE false GROUP BY t.id", SCAN)
    traces = "ON t.lineage_id = o.lineage_id GROUP BY"
    yield mutant("scan: no prints", sql, traces, "ON false GROUP BY", SCAN)
    words = "FROM of o JOIN hub.lexeme_counts l ON l.dataset_id = o.id\n     WHERE o.id = ANY (p_datasets) OR card"
    yield mutant("scan: no words of stricter documents", sql, words, words.replace("OR card", "AND card"), SCAN)
    yield mutant("scan: words of what left the index", sql, "FILTER (WHERE k.live), '{}') AS indexed",
                 "FILTER (WHERE k.live IS NOT NULL), '{}') AS indexed", SCAN)  # fmt: skip
    yield mutant("scan: prints of what is in the index alone", sql, "(WHERE k.live IS NOT NULL), '{}') AS printed",
                 "(WHERE k.live), '{}') AS printed", SCAN)  # fmt: skip
    yield mutant("scan: a row by any versions rule", file, "forbids(row.dataset_ids, row.version_ids)",
                 "forbids(row.dataset_ids, sources.versions)", SCAN)  # fmt: skip
    columns = "GRANT SELECT (id, dataset_id, version_id, live) ON hub.chunks TO hub_scanner"
    yield mutant("scan: its role reads text", sql, columns, "GRANT SELECT ON hub.chunks TO hub_scanner", SCAN)
    law = '(breach.place == place.name or breach.tag != "store_in")'
    yield mutant("scan: the law of operators", "catalog/policy/facts.py", law, "breach.place == place.name", SCAN)
    part = 'part = "store" if place.kind is PlaceKind.STORE else "database"'
    yield mutant("scan: the store by the databases rule", "catalog/policy/facts.py", part, 'part = "database"', SCAN)


def _kept() -> Iterator[Mutant]:
    sql = f"{SQL}/residency_scan.sql"
    told = "FROM added a WHERE cardinality(a.dataset_ids) > 0"
    yield mutant("scan: no violation row", sql, told, "FROM added a WHERE false", SCAN)
    yield mutant("scan: nothing is ever gone", sql, "WHERE f.gone_at IS NULL AND f.kind = ANY (p_kinds)",
                 "WHERE false AND f.kind = ANY (p_kinds)", SCAN)  # fmt: skip
    yield mutant("scan: what it did not look at is gone", sql, "WHERE f.gone_at IS NULL AND f.kind = ANY (p_kinds)",
                 "WHERE f.gone_at IS NULL", SCAN)  # fmt: skip
    yield mutant("scan: not at night", "catalog/jobs.py", "            self._nightly()\n", "            pass\n", JOBS)
    file = "catalog/backups.py"
    allowed = "    if not held or not lying_breaches(label.tags, here, here.database):\n"
    yield mutant("backup: of what may not lie here", file, allowed, "    if True:\n", COMMAND)
    yield mutant(
        "backup: no violation row", file, "for dataset, breach in refused))", "for dataset, breach in ()))", SCAN
    )
    yield mutant("backup: by its datasets tags alone", file, "*(one.tags for one in own)", "*()", SCAN)
    yield mutant("backup: by documents without text", file, " if one.since]", "]", SCAN)
    yield mutant("backup: under any tags", "catalog/labels.py", "max(levels, key=lambda level: level.level)",
                 "levels[0]", SCAN)  # fmt: skip
