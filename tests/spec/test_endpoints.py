"""A hub that knows two endpoints works on a dataset at each that may; it is closed only where neither may."""

import pytest

from catalog import places
from catalog.vocabulary import PlaceKind
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import may_ingest, may_query, read, stand

#: Rows: where the preferred endpoint and the other stand. Datasets are named by where they may be processed (the site
#: and its worker stand in Germany). A cell names the endpoints that may, the one to use first.
TWO = """
         | de                         | fr-de                      | eu            | quebec (CA-QC, DE)
   DE+FR | first                      | first other                | first other   | first
   FR+DE | other                      | first other                | first other   | other
   FR+FR | endpoint-outside-process-in | first other               | first other   | endpoint-outside-process-in
   GB+FR | endpoint-outside-process-in | other                     | other         | endpoint-outside-process-in
   CA+CA-QC | endpoint-outside-process-in | endpoint-outside-process-in | endpoint-outside-process-in | other
"""
PROCESS_IN = {"de": ["DE"], "fr-de": ["FR", "DE"], "eu": ["EU"], "quebec": ["CA-QC", "DE"]}
#: Rows: whose law reaches each endpoint's operator. Datasets are named by the law they forbid.
CONTROL = """
          | none        | us
    DE+DE | first other | first other
    US+DE | first other | other
    DE+US | first other | first
    US+US | first other | forbidden-legal-control
"""
FORBIDDEN: dict[str, list[str]] = {"none": [], "us": ["US"]}


@pytest.fixture
def twofold(nation: Nation) -> Nation:
    """The nation, with one more endpoint to use after its own."""
    settled(nation, "other", "DE")
    nation.site = nation.site.model_copy(update={"more_endpoints": {"other": "other.sock"}})
    nation.person("ada")
    return nation


def settled(nation: Nation, name: str, where: str, law: str = "DE") -> None:
    with nation.operator.begin(OPERATOR) as session:
        places.register(
            session, name=name, kind=PlaceKind.ENDPOINT, jurisdiction=where, operator="o", legal_control=[law]
        )


def endpoints(nation: Nation, datasets: dict[str, list[str]]) -> dict[str, str]:
    """Which endpoints may process each dataset when Ada asks, or the rules that close it; taking in says the same."""
    asking, taking_in = may_query(nation, "ada", datasets), may_ingest(nation, datasets)
    assert asking == taking_in
    scope = nation.scope("ada")
    found = {slug: " ".join(scope.endpoints([nation.datasets[slug]])).replace("endpoint", "first") for slug in datasets}
    return {slug: found[slug] or asking[slug] for slug in datasets}


def test_a_dataset_is_worked_on_at_each_endpoint_that_stands_where_it_may_be_processed(twofold: Nation) -> None:
    for slug, where in PROCESS_IN.items():
        twofold.dataset(slug, process_in=where)
        twofold.grant("ada", slug)
    found = {}
    for row in read(TWO):
        first, other = row.split("+")
        stand(twofold, "endpoint", first)
        settled(twofold, "other", other)
        found[row] = endpoints(twofold, PROCESS_IN)
    assert found == read(TWO)


#: Rows: where three endpoints stand, in order of preference.
THREE = """
             | de    | fr-de       | us-de       | eu
    DE+FR+US | first | first other | first third | first other
    FR+US+DE | third | first third | other third | first third
    US+FR+GB | endpoint-outside-process-in | other | first | other
"""


def test_of_three_endpoints_each_is_asked_about_by_itself(twofold: Nation) -> None:
    """Beside each other in one batch: what is true of one place is not said of another."""
    twofold.site = twofold.site.model_copy(update={"more_endpoints": {"other": "o.sock", "third": "t.sock"}})
    where = {"de": ["DE"], "fr-de": ["FR", "DE"], "us-de": ["US", "DE"], "eu": ["EU"]}
    for slug, codes in where.items():
        twofold.dataset(slug, process_in=codes)
        twofold.grant("ada", slug)
    found = {}
    for row in read(THREE):
        first, other, third = row.split("+")
        stand(twofold, "endpoint", first)
        settled(twofold, "other", other)
        settled(twofold, "third", third)
        found[row] = endpoints(twofold, where)
    assert found == read(THREE)


def test_a_forbidden_law_closes_the_endpoints_it_reaches_and_no_other(twofold: Nation) -> None:
    for slug, laws in FORBIDDEN.items():
        twofold.dataset(slug, forbidden_legal_control=laws)
        twofold.grant("ada", slug)
    found = {}
    for row in read(CONTROL):
        first, other = row.split("+")
        stand(twofold, "endpoint", "DE", under=(first,))
        settled(twofold, "other", "DE", other)
        found[row] = endpoints(twofold, FORBIDDEN)
    assert found == read(CONTROL)


@pytest.mark.parametrize("part", ["site", "store", "database", "worker"])
def test_a_law_over_any_other_part_closes_it_whatever_endpoints_there_are(twofold: Nation, part: str) -> None:
    twofold.dataset("us", forbidden_legal_control=["US"])
    twofold.grant("ada", "us")
    stand(twofold, part, "DE", under=("US",))
    assert endpoints(twofold, {"us": []}) == {"us": "forbidden-legal-control"}


def test_what_another_endpoint_would_mend_is_no_reason(twofold: Nation) -> None:
    """Refused for her own place: that the first endpoint is abroad has nothing to do with it."""
    twofold.dataset("de", access_from=["FR"])
    twofold.grant("ada", "de")
    stand(twofold, "endpoint", "GB")
    zone = twofold.zone("south", "FR")
    assert may_query(twofold, "ada", ["de"], zone=zone) == {"de": "person-outside-access-from"}
