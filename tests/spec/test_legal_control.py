"""Where a law the dataset forbids can compel the operator of any part of this site, nothing is served or taken in."""

import pytest

from tests.fixtures.nation import Nation
from tests.spec.drawn import may_ingest, may_query, read, stand

#: Rows: the law the part's operator stands under. Datasets are named by the law they forbid.
FORBIDS = """
          | none | us                      | us-ca                   | china
    DE    | yes  | yes                     | yes                     | yes
    US    | yes  | forbidden-legal-control | yes                     | yes
    US-CA | yes  | forbidden-legal-control | forbidden-legal-control | yes
    CN    | yes  | yes                     | yes                     | forbidden-legal-control
"""
DATASETS: dict[str, list[str]] = {"none": [], "us": ["US"], "us-ca": ["US-CA"], "china": ["CN"]}


@pytest.mark.parametrize("part", ["site", "database", "store", "worker", "endpoint"])
def test_a_forbidden_law_over_any_part_closes_the_dataset(nation: Nation, part: str) -> None:
    nation.person("ada")
    for slug, laws in DATASETS.items():
        nation.dataset(slug, forbidden_legal_control=laws)
        nation.grant("ada", slug)
    for law, row in read(FORBIDS).items():
        stand(nation, part, "DE", under=["DE", law])
        assert (law, may_query(nation, "ada", DATASETS)) == (law, row)
        assert (law, may_ingest(nation, DATASETS)) == (law, row)
