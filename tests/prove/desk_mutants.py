"""The residency desk, taken down one line at a time."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

PREVIEW: Final = "tests/catalog/test_preview.py"
DESK: Final = "tests/hub/api/test_residency_desk.py"
WRITTEN: Final = "tests/hub/report/test_written.py"
EXPLAIN: Final = "tests/catalog/test_explain.py"


def desk_mutants() -> Iterator[Mutant]:
    """What the residency desk tells, and to whom."""
    sql = f"{SQL}/residency_desk.sql"
    own = "CASE WHEN session_user = 'hub_steward' THEN d.owner_id = hub.subject_organisation() ELSE true END"
    named = "WHERE d.id = p_dataset AND d.withdrawn_at IS NULL"
    yield mutant("desk: another's holders", sql, f"{named}\n               AND {own}", named, PREVIEW)
    yield mutant(
        "desk: another's documents", sql, f"WHERE d.id = p_dataset AND {own}", "WHERE d.id = p_dataset", PREVIEW
    )
    yield mutant(
        "desk: another's grantees",
        sql,
        "d.id = p_dataset AND d.owner_id = hub.subject_organisation()",
        "d.id = p_dataset",
        PREVIEW,
    )
    yield mutant(
        "desk: a grant for everyone names all",
        sql,
        "AND (g.person_id = p.id OR (g.organisation_id",
        "AND (g.everyone OR g.person_id = p.id OR (g.organisation_id",
        DESK,
    )
    yield mutant("desk: grants that ended strand people", sql, "AND hub.hub_now() < g.ends_at\n", "\n", PREVIEW)
    file = "catalog/effects.py"
    yield mutant(
        "desk: a preview by today's tags",
        file,
        "_ruled({**row, **tags}, here, groups)",
        "_ruled({**row}, here, groups)",
        PREVIEW,
    )
    yield mutant(
        "desk: a preview where parts stand today",
        "catalog/preview.py",
        "    return replace(here, **moved)\n",
        "    return here\n",
        PREVIEW,
    )
    yield mutant(
        "desk: an explanation without a trace",
        "catalog/policy/explain.py",
        "    record(trail or session, asked)\n",
        "",
        EXPLAIN,
    )
    yield mutant(
        "desk: a missing grant is no matter",
        "catalog/policy/explain.py",
        "    if subject is None or granted:\n",
        "    if True:\n",
        EXPLAIN,
    )
    for what, before, after in (
        ("own tags are no matter", "granted=held is not None, own=own)", "granted=held is not None)"),
        ("another dataset's document", 'documents.c.dataset_id == row["id"], ', ""),
        ("what nobody published", "person and one.state != VersionState.PUBLISHED", "False"),
    ):
        yield mutant(f"desk: explained, {what}", "catalog/policy/explain.py", before, after, EXPLAIN)
    yield mutant(
        "desk: a report without a trace",
        "hub/api/reports.py",
        "        report.write_down(trail, of, format)\n",
        "",
        DESK,
    )
    yield mutant(
        "desk: a report's values are markup",
        "hub/report/page.py",
        "return escape(str(value), quote=True)",
        "return str(value)",
        WRITTEN,
    )
    yield mutant(
        "desk: a report's cells are formulas",
        "hub/report/sheet.py",
        """return f"'{text}" if""",
        "return text if",
        WRITTEN,
    )
    signed = '        if _carries(path, method):\n            return (None, b"", "") if '
    yield mutant(
        "desk: a file for who is not signed in", "ui/guard.py", signed, f"{signed}True or ", "tests/ui/test_guard.py"
    )
