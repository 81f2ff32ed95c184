"""A person reads up to their clearance; a grant doesn't raise it."""

from catalog.vocabulary import Classification
from tests.fixtures.nation import Nation
from tests.spec.drawn import queries, read

#: Everyone holds a grant for everything; people are named by their clearance, datasets by their classification.
MAY = """
               | public | internal          | restricted        | secret
    public     | yes    | clearance-too-low | clearance-too-low | clearance-too-low
    internal   | yes    | yes               | clearance-too-low | clearance-too-low
    restricted | yes    | yes               | yes               | clearance-too-low
    secret     | yes    | yes               | yes               | yes
"""


def test_clearance_reaches_up_to_its_own_level(nation: Nation) -> None:
    for level in Classification:
        nation.person(level, clearance=level)
        nation.dataset(level, classification=level)
    for person in Classification:
        for dataset in Classification:
            nation.grant(person, dataset, share=None)
    assert queries(nation, MAY) == read(MAY)
