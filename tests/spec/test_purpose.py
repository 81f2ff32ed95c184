"""A dataset is for the purposes its owner offers it for; a grant for one purpose is worth nothing for another."""

import pytest

from catalog.errors import ConflictError
from catalog.vocabulary import Purpose
from tests.fixtures.nation import Nation
from tests.spec.drawn import may_query, read

#: Ada asks for a purpose (down) of three datasets for which she holds a grant for both purposes.
ASKS = """
                        | both | research             | statistics
    research            | yes  | yes                  | purpose-not-offered
    statistics          | yes  | purpose-not-offered  | yes
    product-development | purpose-not-offered | purpose-not-offered | purpose-not-offered
"""
OFFERED = {
    "both": [Purpose.RESEARCH, Purpose.STATISTICS],
    "research": [Purpose.RESEARCH],
    "statistics": [Purpose.STATISTICS],
}


def test_a_purpose_must_be_offered_and_granted(nation: Nation) -> None:
    nation.person("ada")
    for dataset in OFFERED:
        nation.dataset(dataset, purposes=OFFERED["both"])
        for purpose in OFFERED["both"]:
            nation.grant("ada", dataset, purpose)
    with nation.database.connect() as connection:  # the owner withdraws a purpose; the grants stay as they are
        for dataset, purposes in OFFERED.items():
            connection.execute(
                "UPDATE hub.datasets SET purposes = %s WHERE slug = %s", [list(map(str, purposes)), dataset]
            )
    assert {purpose: may_query(nation, "ada", OFFERED, Purpose(purpose)) for purpose in read(ASKS)} == read(ASKS)


def test_a_grant_for_a_purpose_that_is_not_offered_can_not_be_given(nation: Nation) -> None:
    nation.person("ada")
    nation.dataset("harbour", purposes=[Purpose.RESEARCH])
    with pytest.raises(ConflictError, match="not offered"):
        nation.grant("ada", "harbour", Purpose.PRODUCT_DEVELOPMENT)
