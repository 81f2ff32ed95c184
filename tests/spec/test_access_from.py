"""A dataset says from where it may be read: countries, parts of countries, named groups. A part lies in its country.

Two are held to it: where a person is attested to be, and where the network zone they come in through stands.
"""

import pytest

from catalog import places
from catalog.vocabulary import Classification, PlaceKind
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import may_query, queries, read

#: People are named by where they are, datasets by what they allow; everyone holds a grant for everything.
MAY = """
              | de  | eu  | eea | canada | quebec | mixed (EU and CA-QC)
    de        | yes | yes | yes | NO     | NO     | yes
    fr        | NO  | yes | yes | NO     | NO     | yes
    bavaria   | yes | yes | yes | NO     | NO     | yes
    norway    | NO  | NO  | yes | NO     | NO     | NO
    britain   | NO  | NO  | NO  | NO     | NO     | NO
    canada    | NO  | NO  | NO  | yes    | NO     | NO
    quebec    | NO  | NO  | NO  | yes    | yes    | yes
    ontario   | NO  | NO  | NO  | yes    | NO     | NO
    us        | NO  | NO  | NO  | NO     | NO     | NO
""".replace("NO", "person-outside-access-from")
PEOPLE = {
    "de": "DE",
    "fr": "FR",
    "bavaria": "DE-BY",
    "norway": "NO",
    "britain": "GB",
    "canada": "CA",
    "quebec": "CA-QC",
    "ontario": "CA-ON",
    "us": "US",
}
DATASETS = {"de": ["DE"], "eu": ["EU"], "eea": ["EEA"], "canada": ["CA"], "quebec": ["CA-QC"], "mixed": ["EU", "CA-QC"]}


@pytest.fixture
def world(nation: Nation) -> Nation:
    for slug, allowed in DATASETS.items():
        nation.dataset(slug, access_from=allowed, classification=Classification.PUBLIC)  # a grant for everyone
    for person, place in PEOPLE.items():
        nation.person(person, jurisdiction=place)
    return nation


def test_a_person_who_sits_at_home_must_be_in_a_place_the_dataset_allows(world: Nation) -> None:
    world.at_home = True
    both = MAY.replace("person-outside-access-from", "person-outside-access-from + session-outside-access-from")
    assert queries(world, both) == read(both)


def test_the_zone_a_session_comes_in_through_must_be_in_a_place_the_dataset_allows(world: Nation) -> None:
    """The same table once more, of zones: whoever comes is attested everywhere the datasets may be read from."""
    drawn = read(MAY.replace("person-outside", "session-outside"))
    zones = {name: world.zone(f"zone-{name}", place) for name, place in PEOPLE.items()}
    found = {
        row: {
            slug: may_query(world, home, [slug], zone=zones[row])[slug]
            for slug, home in {"de": "de", "eu": "de", "eea": "de", "canada": "quebec", "quebec": "quebec",
                               "mixed": "de"}.items()
        }
        for row in drawn
    }  # fmt: skip
    assert found == drawn


@pytest.mark.parametrize("zone", ["", "nowhere", "store", "site", "Zone", "zone "])
def test_a_zone_that_is_not_registered_as_one_opens_nothing(world: Nation, zone: str) -> None:
    found = world.scope("de", zone=zone)
    assert (found.dataset_ids, found.zone_known) == ((), False)


def test_a_zone_that_was_retired_opens_nothing_until_it_is_put_there_anew(world: Nation) -> None:
    north = world.zone("north", "DE")
    assert len(world.scope("de", zone=north).dataset_ids) == 4
    with world.operator.begin(OPERATOR) as session:
        places.retire(session, north)
    world.zone("north", "DE")  # as a start of the hub says what it says each time
    assert world.scope("de", zone=north).dataset_ids == ()
    with world.operator.begin(OPERATOR) as session:
        places.register(
            session, name=north, kind=PlaceKind.ZONE, jurisdiction="DE", operator="o", legal_control=[], anew=True
        )
    assert len(world.scope("de", zone=north).dataset_ids) == 4
