"""Reads a drawn table and says in its shape what the policy decides: rows down, datasets across, the outcome in a cell.

A cell says `yes`, or the rules that deny (`clearance-too-low`, several joined by ` + `), or `.` where no rule permits,
or `unseen` where a person doesn't even learn that the dataset exists.
"""

from collections.abc import Iterable

from catalog import places
from catalog.document_tags import NONE, DocumentTags
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.vocabulary import PlaceKind, Purpose
from tests.fixtures.nation import OPERATOR, Nation

Outcomes = dict[str, dict[str, str]]


def read(table: str) -> Outcomes:
    """Return {row: {column: cell}}; only the first word of a row's or a column's name is its name."""
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    header = [name.split()[0] for name in lines[0][1:]]
    return {line[0].split()[0]: dict(zip(header, line[1:], strict=True)) for line in lines[1:]}


def queries(nation: Nation, table: str, *, purpose: Purpose = Purpose.RESEARCH) -> Outcomes:
    """Ask the policy what each person of the table may query."""
    return {person: may_query(nation, person, row, purpose) for person, row in read(table).items()}


def may_query(
    nation: Nation, person: str, datasets: Iterable[str], purpose: Purpose = Purpose.RESEARCH, **attributes: str
) -> dict[str, str]:
    """Decide once for one person; what was recorded and the scope handed out must agree."""
    scope = nation.scope(person, purpose, **attributes)
    names = {str(number): slug for slug, number in nation.datasets.items()}
    with nation.database.connect() as connection:
        query = "SELECT rulings, dataset_ids FROM hub.decisions WHERE id = %s"
        rulings, permitted = connection.execute(query, [scope.decision_id]).fetchall()[0]
    found = {
        names[one]: _cell(ruling["rules"], permitted=ruling["permitted"])
        for ruling in rulings
        for one in ruling["datasets"]
    }
    assert {slug for slug, cell in found.items() if cell == "yes"} == {names[str(one)] for one in permitted}
    assert set(permitted) == set(scope.dataset_ids)
    return {slug: found.get(slug, "unseen") for slug in datasets}


def may_ingest(nation: Nation, datasets: Iterable[str], own: DocumentTags = NONE) -> dict[str, str]:
    """Ask the policy whether this site may take documents of each dataset in, with tags of their own."""
    with nation.operator.begin(OPERATOR) as session:
        here = surroundings(session, nation.site, sealed=nation.site.sealed)
        rulings = {slug: ingest_ruling(session, nation.datasets[slug], here, own) for slug in datasets}
    return {slug: _cell(ruling.rules, permitted=ruling.permitted) for slug, ruling in rulings.items()}


def stand(nation: Nation, part: str, where: str, *, under: Iterable[str] = ("DE",)) -> None:
    """Let one part of this site stand in a place, its operator under these laws."""
    with nation.operator.begin(OPERATOR) as session:
        places.register(
            session, name=part, kind=PlaceKind(part), jurisdiction=where, operator="ministry", legal_control=under
        )


def _cell(rules: Iterable[str], *, permitted: bool) -> str:
    if permitted:
        return "yes"
    return "." if list(rules) == ["default-deny"] else " + ".join(rule.partition(".")[2] for rule in rules)
