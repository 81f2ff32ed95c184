"""A budget that isn't charged must show in the benchmark, and a benchmark that went blind must say so."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

STACK: Final = "tests/hub/stack/test_stack.py::test_a_hub_that_does_not_know_what_was_charged_does_not_start"
CRAWL: Final = "tests/security/test_crawl.py"
HEARD: Final = "tests/hub/evaluation/test_crawl_adversaries.py"
RESULTS: Final = "tests/hub/evaluation/test_crawl_results.py"


def crawl_mutants() -> Iterator[Mutant]:
    """What the crawl itself notices, and what is noticed of the crawl."""
    file = f"{SQL}/disclose.sql"
    person = "SET window_used = b.window_used + s.spent, lifetime_used = b.lifetime_used + s.spent"
    yield mutant("crawl: a person is not charged", file, person, person.replace("s.spent", "0"),
                 f"{CRAWL}::test_no_single_account_gets_past_the_bound")  # fmt: skip
    house = "UPDATE hub.organisation_budgets b SET used = b.used + s.spent"
    yield mutant("crawl: an organisation is not charged", file, house, house.replace("s.spent", "0"),
                 f"{CRAWL}::test_colluders_get_no_more_than_their_organisations_nor_all_than_the_ceiling")  # fmt: skip
    file = "hub/evaluation/crawl/disguise.py"
    loud = "    for found in _BASE64.findall(text):\n"
    yield mutant("crawl: Base64 is not read", file, loud, "    for found in ():\n", HEARD)
    obeys = "    if told is not None:\n"
    yield mutant("crawl: who repeats is blind", "hub/evaluation/bench/echo.py", obeys, "    if False:\n",
                 f"{CRAWL}::test_undefended_each_way_of_asking_gets_what_its_yardstick_says")  # fmt: skip
    file = "hub/evaluation/crawl/watch.py"
    yield mutant("crawl: a mark is no part of its record", file, "            came |= marked\n", "", CRAWL)
    own = "                    came |= self._own(found)\n"
    yield mutant("crawl: a slice is no part of its record", file, own, "                    pass\n", HEARD)
    yield mutant("crawl: what is made up is a record", file, " or at == 0", "", HEARD)
    trail = " if characters > charged else []"
    yield mutant("crawl: what is not in the trail counts for nothing", "hub/evaluation/crawl/attack.py", trail,
                 " if False else []", HEARD)  # fmt: skip
    met = '"met": got[name] >= plan.least(name),'
    yield mutant("crawl: blind, and it says it sees", "hub/evaluation/crawl/run.py", met, '"met": True,', RESULTS)
    undefended = ' if one["arm"] == UNDEFENDED}'
    yield mutant("crawl: any arm is a yardstick", "hub/evaluation/crawl/run.py", undefended, "}", RESULTS)
    yield from _older_copies()


def _older_copies() -> Iterator[Mutant]:
    """What an older copy of the database would give out anew."""
    file, older = "catalog/high_water.py", "tests/security/test_older_backup.py"
    for kind, lower in {
        "person": "WHERE b.lifetime_used < excluded.lifetime_used\n",
        "organisation": "AND b.lineage_id = m.lineage AND b.used < m.used\n",
        "whole": "WHERE b.used < excluded.used\n",
    }.items():
        yield mutant(f"older copy: a {kind} regains", file, lower, lower.replace("<", ">"), older)
    highest = "max(held.get(name, 0), now.get(name, 0))"
    yield mutant("older copy: the lower figure is kept", "hub/stack/high_water.py", highest, f"min{highest[3:]}", older)
    first = "    keep_charges(folder, database)\n    op"
    yield mutant("older copy: nobody looks at the start", "hub/stack/parts.py", first, "    op", STACK)
