"""Walls taken down that the comparison with the oracle must notice by itself, whatever other test does too."""

import re
from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant, text_of

FILE: Final = "tests/security/test_who_reads_what.py"
COMPARED: Final = f"{FILE}::test_ten_thousand_comparisons_show_no_difference"
#: It depends on chance whether ten thousand comparisons meet these, so they are met one by one.
SELDOM: Final = f"{FILE}::test_whatever_seldom_happens_by_chance_is_compared_too"
#: Row security stands before another's turn, too: only the function asked directly tells that its own wall is gone.
TURNS: Final = "tests/catalog/test_turns.py"
OF_PARTS: Final = re.compile(r"outside-(store|process)-in|forbidden-origin|forbidden-legal-control")


def leak_mutants() -> Iterator[Mutant]:
    """The law's rules, what a decision still opens, and whose turn and room it is."""
    file = "catalog/policy/rules.cedar"
    for rule in re.finditer(r'@id\("((?:query|any)\.[^"]+)"\).*?;\n', text_of(file), re.DOTALL):
        met_by = SELDOM if OF_PARTS.search(rule[1]) else COMPARED
        yield mutant(f"leak: without {rule[1]}", file, rule[0], "", met_by)
    file = "catalog/policy/facts.py"
    yield mutant("leak: a grant for another purpose", file, "grants.c.purpose == purpose, live()", "live()", COMPARED)
    yield mutant("leak: a grant that has ended", file, "grants.c.purpose == purpose, live()",
                 "grants.c.purpose == purpose", COMPARED)  # fmt: skip
    file = f"{SQL}/live_scope.sql"
    yield mutant("leak: another's decision", file, " AND d.subject_id = hub.subject_id()", "", COMPARED)
    yield mutant("leak: what was lost since", file, "FROM hub.live_grants(v_decision.purpose) g",
                 "FROM hub.grants g", COMPARED)  # fmt: skip
    yield mutant("leak: answers only, read", file, "(g.mode IN ('quotes', 'full') OR p_form = 'context')", "true",
                 COMPARED)  # fmt: skip
    file = f"{SQL}/live_grants.sql"
    yield mutant("leak: a withdrawn dataset", file, " AND d.withdrawn_at IS NULL", "", COMPARED)
    yield mutant("leak: another organisation's grant", file,
                 "g.organisation_id = (SELECT hub.granted_organisation())", "g.organisation_id IS NOT NULL",
                 COMPARED)  # fmt: skip
    yield mutant("leak: another's turn", f"{SQL}/turn_answer.sql", " AND t.person_id = hub.subject_id()", "", TURNS)
    yield mutant("leak: a turn of what is withdrawn", f"{SQL}/turn_answer.sql",
                 "JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'\n",
                 "JOIN hub.document_versions v ON v.id = c.version_id\n", SELDOM)  # fmt: skip
    steward = "CREATE POLICY steward ON hub.datasets TO hub_steward\n    USING"
    yield mutant("leak: another organisation's intake", f"{SQL}/doors.sql",
                 f"{steward} (owner_id = hub.subject_organisation())", f"{steward} (true)", COMPARED)  # fmt: skip
    yield mutant("leak: counts of what is withdrawn", f"{SQL}/holdings.sql", " AND v.state = 'published'", "",
                 COMPARED)  # fmt: skip
    yield mutant("leak: who left the group", "catalog/groups.py",
                 "or_(columns.left_on.is_(None), columns.left_on > today)", "columns.name.is_not(None)",
                 SELDOM)  # fmt: skip
