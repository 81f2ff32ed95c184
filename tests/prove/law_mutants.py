"""The law of residency, taken down one line at a time."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

GROUPS: Final = "tests/catalog/test_groups.py"
VIOLATIONS: Final = "tests/spec/test_violations.py"
SHARED: Final = "tests/catalog/test_residency.py"


def law_mutants() -> Iterator[Mutant]:
    """Groups by date, what an answer's sources share, and the row each refusal leaves."""
    file = "catalog/groups.py"
    yield mutant("groups: who left still belongs", file, "or_(columns.left_on.is_(None), columns.left_on > today)",
                 "columns.name.is_not(None)", GROUPS)  # fmt: skip
    yield mutant("groups: who will join belongs already", file, "and_(columns.joined_on <= today, ", "and_(", GROUPS)
    yield mutant("groups: two memberships at once", file, "where(same, before_it_ends, after_it_begins)",
                 "where(same, columns.name.is_(None))", GROUPS)  # fmt: skip
    yield mutant("groups: a name may be a country's", file, " or is_place(new.name)", "", GROUPS)
    told = "    record(session, AuditEvent(type=EventType.GROUP_CHANGED"
    yield mutant("groups: changed without a trace", file, told, told.replace("record(", "print("), GROUPS)
    own = "    if person.kind != SERVICE:"
    yield mutant("explain: a program by its organisation", "catalog/policy/explain.py", own, "    if True:",
                 "tests/catalog/test_explain.py")  # fmt: skip
    possible = "    require_possible(values, known)\n"
    yield mutant("tags: nowhere at all", "catalog/datasets.py", possible, "", GROUPS)
    every = "all(enclosing(code) & one for one in expanded)"
    yield mutant("answer: what one source allows", "catalog/residency.py", every, "any" + every[3:], SHARED)
    scope = "    violations.record(session, refused, made)\n"
    yield mutant("violations: a question leaves none", "catalog/policy/facts.py", scope, "", VIOLATIONS)
    handed = "    violations.record(session, [([dataset_id], ruling.breaches)])\n"
    yield mutant("violations: a file leaves none", "hub/submit.py", handed, "", VIOLATIONS)
    worker = "        violations.record(session, [([claim.dataset_id], breaches)])\n"
    yield mutant("violations: a worker leaves none", "ingest/worker.py", worker, "", "tests/ingest/test_worker.py")
    asked = "action is not Action.INGEST and not (law.granted and asked)"
    yield mutant("violations: of what was not theirs to ask", "catalog/policy/decide.py", asked, "False", VIOLATIONS)
    trigger = "BEFORE UPDATE OR DELETE ON hub.violations"
    for name in ("UPDATE OR ", " OR DELETE"):
        yield mutant(f"violations: may be changed ({name.strip()} not held)", f"{SQL}/append_only.sql", trigger,
                     trigger.replace(name, ""), VIOLATIONS)  # fmt: skip
