"""An agent asks for one purpose; whatever else its person may, it may not, and never more than they."""

from dataclasses import replace

from catalog.policy.facts import scope_for, surroundings
from catalog.vocabulary import Classification, Purpose
from tests.fixtures.nation import Nation

PURPOSES = [Purpose.RESEARCH, Purpose.STATISTICS]
#: What Ada, her agent for research and Mia's (who holds no grant) may query, by the purpose they ask for.
TABLE = """
                          | research       | statistics
    ada                   | rivers + roads | rivers
    ada's, for research   | rivers + roads | .
    ada's, for statistics | .              | rivers
    mia's, for research   | .              | .
"""


def scope(nation: Nation, person: str, only_for: Purpose | None, purpose: Purpose) -> str:
    subject = replace(nation.subject(person), agent="reader" if only_for else None, only_for=only_for)
    with nation.api.begin(subject.asker) as session:
        here = surroundings(session, nation.site, sealed=True, zone=subject.zone)
        found = scope_for(session, subject=subject, purpose=purpose, here=here)
    names = {number: slug for slug, number in nation.datasets.items()}
    return " + ".join(sorted(names[one] for one in found.dataset_ids)) or "."


def test_an_agent_may_what_its_person_may_for_the_one_purpose_it_has(nation: Nation) -> None:
    nation.person("ada")
    nation.person("mia", organisation="startup")
    for slug in ("rivers", "roads"):
        nation.dataset(slug, purposes=PURPOSES, classification=Classification.INTERNAL)
        nation.grant("ada", slug)
    nation.grant("ada", "rivers", Purpose.STATISTICS)
    whose = {
        "ada": ("ada", None),
        "ada's, for research": ("ada", Purpose.RESEARCH),
        "ada's, for statistics": ("ada", Purpose.STATISTICS),
        "mia's, for research": ("mia", Purpose.RESEARCH),
    }
    lines = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip("\n").splitlines()[1:] if line.strip()]
    drawn = {name: tuple(cells) for name, *cells in lines}
    assert drawn == {name: tuple(scope(nation, *who, purpose) for purpose in PURPOSES) for name, who in whose.items()}
