"""A dataset says from where it may be read: countries, parts of countries, named groups. A part lies in its country."""

from catalog.vocabulary import Classification
from tests.fixtures.nation import Nation
from tests.spec.drawn import queries, read

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


def test_a_person_must_be_in_a_place_the_dataset_allows(nation: Nation) -> None:
    for slug, places in DATASETS.items():
        nation.dataset(slug, access_from=places, classification=Classification.PUBLIC)  # a grant for everyone
    for person, place in PEOPLE.items():
        nation.person(person, jurisdiction=place)
    assert queries(nation, MAY) == read(MAY)
