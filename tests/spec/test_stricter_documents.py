"""A document may be stricter than its dataset: what it says decides who reads it, and nothing it says opens more."""

from decimal import Decimal
from typing import Any

import pytest

from catalog import datasets, document_tags
from catalog.disclosure import disclose
from catalog.document_tags import DocumentTags, tags
from catalog.errors import SettingsError
from catalog.residency import Groups
from catalog.vocabulary import Classification
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import may_ingest, read, stand

#: The dataset is internal, stored and processed in the EU and CA, read from the EU and CA; all of them hold a grant.
#: ada stands in DE and is cleared for secret, bob in FR for secret, cem in DE for internal, dora in CA-QC for secret.
READS = """
                                    | ada | bob | cem | dora
    plain     as its dataset        | yes | yes | yes | yes
    secret    secret                | yes | yes | .   | yes
    german    access_from DE        | yes | .   | yes | .
    european  access_from EU        | yes | yes | yes | .
    quebec    access_from CA-QC     | .   | .   | .   | yes
    both      secret, from DE       | yes | .   | .   | .
    french    process_in FR         | .   | .   | .   | .
    nato      no law of CA          | yes | yes | yes | yes
    free      no law of DE          | .   | .   | .   | .
"""
OWN: dict[str, dict[str, Any]] = {
    "plain": {},
    "secret": {"classification": "secret"},
    "german": {"access_from": ["DE"]},
    "european": {"access_from": ["EU"]},
    "quebec": {"access_from": ["CA-QC"]},
    "both": {"classification": "secret", "access_from": ["DE"]},
    "french": {"process_in": ["FR"]},
    "nato": {"forbidden_legal_control": ["CA"]},
    "free": {"forbidden_legal_control": ["DE"]},
}
WIDE = {"store_in": ["EU", "CA"], "process_in": ["EU", "CA"], "access_from": ["EU", "CA"]}
EU = frozenset({"DE", "FR", "IT"})
KNOWN: Groups = {"EU": EU, "CORE": frozenset({"DE", "FR"}), "GONE": frozenset()}
DATASET = {
    "classification": "internal",
    "store_in": ["DE", "FR"],
    "process_in": ["EU"],
    "access_from": ["EU", "CA"],
    "forbidden_legal_control": ["US"],
}
#: What a document of that dataset may say: taken, or refused with a sentence that says these words.
MAY_SAY: list[tuple[dict[str, Any], str]] = [
    ({"classification": "internal"}, ""),
    ({"classification": "secret"}, ""),
    ({"classification": "public"}, "Write internal or restricted or secret, or leave the classification out"),
    ({"store_in": ["DE"]}, ""),
    ({"store_in": ["DE-BY"]}, ""),
    ({"store_in": ["DE", "IT"]}, "store_in DE, IT does not lie within DE, FR. Write ISO 3166 codes inside it"),
    ({"store_in": ["CORE"]}, ""),
    ({"store_in": ["EU"]}, "store_in EU does not lie within DE, FR"),
    ({"store_in": ["GONE"]}, "does not lie within"),
    ({"process_in": ["CORE"]}, ""),
    ({"process_in": ["Germany"]}, "'Germany' is neither a place nor a group. Give ISO 3166 codes"),
    ({"access_from": ["CA-QC", "FR"]}, ""),
    ({"access_from": ["US"]}, "does not lie within EU, CA"),
    ({"forbidden_legal_control": ["US", "CN"]}, ""),
    ({"forbidden_legal_control": ["CN"]}, "forbids the law of US too. Write forbidden_legal_control CN, US"),
    ({"forbidden_legal_control": ["EU"]}, "'EU' is not a place"),
    ({"forbidden_legal_control": ["US", "DE"], "store_in": ["DE"]}, "nobody could keep it"),
]


@pytest.fixture
def shelf(nation: Nation) -> Nation:
    nation.at_home = True
    nation.person("ada")
    nation.person("bob", jurisdiction="FR")
    nation.person("cem", clearance=Classification.INTERNAL)
    nation.person("dora", jurisdiction="CA-QC")
    nation.dataset("rivers", budget=datasets.BUDGETS[Classification.PUBLIC], **WIDE)
    for person, share in (("ada", Decimal(1)), ("bob", None), ("cem", None), ("dora", None)):
        nation.grant(person, "rivers", share=share)
    for name, own in OWN.items():
        # What nobody reads is long, so that no share of the dataset is ever spent.
        nation.document(
            "rivers", name, [f"The river of the document that is {name}. ".ljust(20_000 * (name == "free"))]
        )
        nation.tag(name, **own)
    return nation


def readable(nation: Nation, person: str) -> set[str]:
    """Names of the documents whose text a person gets, by search and by naming every passage there is."""
    scope = nation.scope(person)
    with nation.database.connect() as connection:
        every = connection.execute("SELECT id FROM hub.chunks ORDER BY id").fetchall()
    named = {one.document_name for one in disclose(nation.api, scope, [one for (one,) in every]).passages}
    scope = nation.scope(person)
    found = [one.chunk_id for one in nation.search(scope, "the river", limit=100)]
    assert {one.document_name for one in disclose(nation.api, scope, found).passages} == named
    return named


def test_what_a_document_says_decides_who_reads_it(shelf: Nation) -> None:
    people = list(next(iter(read(READS).values())))
    seen = {person: readable(shelf, person) for person in people}
    drawn = {name: {person: "yes" if name in seen[person] else "." for person in people} for name in OWN}
    assert drawn == read(READS)


def test_where_its_dataset_is_shut_no_document_opens(shelf: Nation) -> None:
    with shelf.operator.begin(OPERATOR) as session:
        session.connection().exec_driver_sql("UPDATE hub.datasets SET access_from = '{IT}'")
    assert [readable(shelf, person) for person in ("ada", "bob", "dora")] == [set(), set(), set()]


@pytest.mark.parametrize(("own", "said"), MAY_SAY, ids=str)
def test_a_document_says_nothing_looser_than_its_dataset(own: dict[str, Any], said: str) -> None:
    if said:
        with pytest.raises(SettingsError) as refused:
            document_tags.checked(DATASET, tags(**own), KNOWN)
        assert said in str(refused.value)
    else:
        assert document_tags.checked(DATASET, tags(**own), KNOWN).declared().keys() == own.keys()


#: A dataset re-tagged under its documents: of each tag, the stricter holds.
RETAGGED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"classification": "restricted"}, {"classification": "secret"}, {"classification": "secret"}),
    ({"classification": "secret"}, {"classification": "restricted"}, {"classification": "secret"}),
    ({"store_in": ["DE"]}, {"store_in": ["DE", "FR"]}, {"store_in": ("DE",)}),
    ({"store_in": ["DE", "FR"]}, {"store_in": ["FR", "IT"]}, {"store_in": ("FR",)}),
    ({"store_in": ["DE-BY"]}, {"store_in": ["DE"]}, {"store_in": ("DE-BY",)}),
    ({"store_in": ["DE"]}, {"store_in": ["FR"]}, {"store_in": ()}),
    ({"process_in": ["EU"]}, {"process_in": ["DE", "FR"]}, {"process_in": ("CORE",)}),
    ({"forbidden_legal_control": ["CN"]}, {}, {"forbidden_legal_control": ("CN", "US")}),
]


@pytest.mark.parametrize(("own", "dataset", "holds"), RETAGGED, ids=str)
def test_of_a_document_and_its_dataset_the_stricter_holds(
    own: dict[str, Any], dataset: dict[str, Any], holds: dict[str, Any]
) -> None:
    found = document_tags.effective({**DATASET, **dataset}, tags(**own), KNOWN)
    assert {name: found[name] for name in holds} == holds


def test_a_list_that_is_empty_says_nothing() -> None:
    assert tags(store_in=[], classification=None) == DocumentTags()
    assert not tags()
    assert tags(classification="secret")


#: Where documents of a dataset of the EU may be taken in at this site, all its parts in DE, by what they say.
TAKES_IN = """
              | whole
    plain     | yes
    german    | yes
    french    | database-outside-store-in + store-outside-store-in
    elsewhere | endpoint-outside-process-in + worker-outside-process-in
    free      | forbidden-legal-control
"""
SAY: dict[str, dict[str, Any]] = {
    "plain": {},
    "german": {"store_in": ["DE"], "process_in": ["DE"]},
    "french": {"store_in": ["FR"]},
    "elsewhere": {"process_in": ["FR"]},
    "free": {"forbidden_legal_control": ["DE"]},
}


def test_a_document_is_taken_in_where_what_it_says_allows(nation: Nation) -> None:
    nation.dataset("whole", **WIDE)
    found = {name: may_ingest(nation, ["whole"], tags(**own)) for name, own in SAY.items()}
    assert found == read(TAKES_IN)
    stand(nation, "store", "FR")
    assert may_ingest(nation, ["whole"], tags(store_in=["DE"])) == {"whole": "store-outside-store-in"}
