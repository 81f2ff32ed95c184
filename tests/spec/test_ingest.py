"""A site takes documents in where its store and database may hold them, its worker and embedder process them."""

import pytest

from catalog import datasets
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import may_ingest, read, stand

#: Rows: where the part stands. Datasets are named by where they may be stored and processed; all other parts stand in
#: Germany, which every dataset allows.
WHERE = """
          | de      | eu      | canada (CA, DE) | quebec (CA-QC, DE)
    DE    | yes     | yes     | yes             | yes
    DE-HH | yes     | yes     | yes             | yes
    FR    | OUTSIDE | yes     | OUTSIDE         | OUTSIDE
    CH    | OUTSIDE | OUTSIDE | OUTSIDE         | OUTSIDE
    CA    | OUTSIDE | OUTSIDE | yes             | OUTSIDE
    CA-QC | OUTSIDE | OUTSIDE | yes             | yes
"""
DATASETS = {"de": ["DE"], "eu": ["EU"], "canada": ["CA", "DE"], "quebec": ["CA-QC", "DE"]}
RULES = {
    "store": "store-outside-store-in",
    "database": "database-outside-store-in",
    "worker": "worker-outside-process-in",
    "endpoint": "endpoint-outside-process-in",
}


@pytest.mark.parametrize("part", RULES)
def test_each_part_must_stand_where_the_dataset_allows(nation: Nation, part: str) -> None:
    expected = read(WHERE.replace("OUTSIDE", RULES[part]))
    for slug, places in DATASETS.items():
        tag = "store_in" if part in {"store", "database"} else "process_in"
        other = {"process_in", "store_in"} - {tag}
        nation.dataset(slug, **{tag: places, other.pop(): ["DE"]})
    found = {}
    for place in expected:
        stand(nation, part, place)
        found[place] = may_ingest(nation, DATASETS)
    assert found == expected


def test_a_withdrawn_dataset_takes_nothing_in(nation: Nation) -> None:
    nation.dataset("de")
    with nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, nation.datasets["de"], reason="test")
    assert may_ingest(nation, ["de"]) == {"de": "absent"}
