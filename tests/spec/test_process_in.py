"""A question is worked on where the hub's site and its model endpoint stand: both must be where the dataset allows."""

import pytest

from tests.fixtures.nation import Nation
from tests.spec.drawn import may_query, read, stand

#: Rows: where the part stands. Datasets are named by where they may be processed. The other parts stay in Germany,
#: which every dataset allows.
SITE = """
          | de                      | eu                      | quebec (CA-QC, DE)
    DE    | yes                     | yes                     | yes
    DE-BE | yes                     | yes                     | yes
    FR    | site-outside-process-in | yes                     | site-outside-process-in
    GB    | site-outside-process-in | site-outside-process-in | site-outside-process-in
    CA    | site-outside-process-in | site-outside-process-in | site-outside-process-in
    CA-QC | site-outside-process-in | site-outside-process-in | yes
"""
ENDPOINT = SITE.replace("site-outside", "endpoint-outside")
DATASETS = {"de": ["DE"], "eu": ["EU"], "quebec": ["CA-QC", "DE"]}


@pytest.mark.parametrize(("part", "table"), [("site", SITE), ("endpoint", ENDPOINT)])
def test_each_part_must_stand_where_the_dataset_may_be_processed(nation: Nation, part: str, table: str) -> None:
    nation.person("ada")
    for slug, places in DATASETS.items():
        nation.dataset(slug, process_in=places)
        nation.grant("ada", slug)
    found = {}
    for place in read(table):
        stand(nation, part, place)
        found[place] = may_query(nation, "ada", DATASETS)
    assert found == read(table)


def test_both_outside_are_both_named(nation: Nation) -> None:
    nation.person("ada")
    nation.dataset("de")
    nation.grant("ada", "de")
    stand(nation, "site", "US")
    stand(nation, "endpoint", "US")
    assert may_query(nation, "ada", ["de"]) == {"de": "endpoint-outside-process-in + site-outside-process-in"}
