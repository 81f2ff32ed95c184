"""Places, groups of places, and whether one lies inside a residency."""

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import SettingsError
from catalog.residency import (
    both,
    enclosing,
    expand,
    is_group_name,
    is_place,
    place,
    require_possible,
    residency,
    shared,
    within,
)
from tests.catalog.memberships import GROUPS, MEMBERS

#: What people write for a place and what is none: names, groups, retired and reserved codes, other alphabets, spacing.
NO_PLACES = [
    "",
    " ",
    "D",
    "DEU",
    "de",
    "De",
    "DE ",
    " DE",
    "DE\n",
    "Germany",
    "Deutschland",
    "276",
    "EU",
    "EEA",
    "UK",
    "EL",
    "AN",
    "YU",
    "DD",
    "SU",
    "XX",
    "ZZ",
    "QM",
    "AA",
    "ÐE",
    "DÉ",
    "D\u0415",
    "-",
    "DE-",
    "-BY",
    "DE-XX",
    "DE_BY",
    "de-by",
    "CA-QC-1",
    "US-ca",
    "GB-ZZZ",
    "*",
    "%",
    "DE;",
    "DE,FR",
    "' OR 1=1",
]
SUBDIVISIONS = [
    ("CA-QC", "CA"),
    ("US-CA", "US"),
    ("DE-BY", "DE"),
    ("GB-SCT", "GB"),
    ("ES-CT", "ES"),
    ("FR-IDF", "FR"),
    ("CH-ZH", "CH"),
    ("CN-HK", "CN"),
    ("IT-21", "IT"),
    ("BE-BRU", "BE"),
    ("PT-20", "PT"),
    ("AU-NSW", "AU"),
]

countries = st.sampled_from(sorted(country.alpha_2 for country in pycountry.countries))
subdivisions = st.sampled_from(sorted(subdivision.code for subdivision in pycountry.subdivisions))
places = st.one_of(countries, subdivisions)
groups = st.sampled_from(sorted(GROUPS))
declared = st.lists(st.one_of(places, groups), max_size=12)
quick = settings(deadline=None, max_examples=200, database=None)


@pytest.mark.parametrize(("code", "name"), MEMBERS.items())
def test_every_member_state_is_the_country_it_is_taken_for(code: str, name: str) -> None:
    assert pycountry.countries.get(alpha_2=code).name == name


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_named_unlike_any_place_and_its_members_are_countries(group: str) -> None:
    assert is_group_name(group)
    assert not is_place(group)
    assert all(is_place(code) and "-" not in code for code in GROUPS[group])


@pytest.mark.parametrize("code", NO_PLACES)
def test_what_is_no_place_is_refused_and_named(code: str) -> None:
    assert not is_place(code)
    with pytest.raises(SettingsError) as caught:
        place(code)
    assert str(caught.value).startswith(f"'{code}' is not a place. Give an ISO 3166 code")


@pytest.mark.parametrize("code", [code for code in NO_PLACES if code not in GROUPS])
def test_a_residency_with_one_unknown_code_is_refused_whole(code: str) -> None:
    with pytest.raises(SettingsError) as caught:
        residency(["DE", code, "EU"], GROUPS)
    assert str(caught.value).startswith(f"'{code}' is neither a place nor a group.")
    assert "EEA, EU" in str(caught.value)


def test_the_refusal_of_an_unknown_code_hides_no_earlier_error() -> None:
    with pytest.raises(SettingsError) as caught:
        residency(["Atlantis"], GROUPS)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("code", "country"), SUBDIVISIONS)
def test_a_subdivision_is_a_place_and_lies_in_its_country(code: str, country: str) -> None:
    assert place(code) == code
    assert enclosing(code) == {code, country}
    assert is_place(country)


@pytest.mark.parametrize("code", ["DE", "FR", "CA", "US"])
def test_a_country_lies_in_itself_alone(code: str) -> None:
    assert enclosing(code) == {code}


@pytest.mark.parametrize(
    ("residence", "inside", "outside"),
    [
        (["DE"], ["DE", "DE-BY", "DE-HH"], ["FR", "AT", "FR-IDF"]),
        (["EU"], ["DE", "FR", "DE-BY", "IE", "ES-CT"], ["GB", "NO", "US", "GB-SCT", "CH-ZH"]),
        (["EEA"], ["NO", "IS", "LI", "DE", "NO-03"], ["GB", "CH", "US"]),
        (["CA-QC"], ["CA-QC"], ["CA", "CA-ON", "US"]),
        (["EU", "CH"], ["CH", "CH-ZH", "DE"], ["NO", "LI"]),
        (["DE", "CA-QC"], ["DE", "DE-BE", "CA-QC"], ["CA", "CA-BC"]),
        ([], [], ["DE", "CA-QC"]),
    ],
)
def test_a_place_is_inside_a_residency_when_it_or_its_country_is_named(
    residence: list[str], inside: list[str], outside: list[str]
) -> None:
    stands_for = expand(residence, GROUPS)
    assert [code for code in inside if not enclosing(code) & stands_for] == []
    assert [code for code in outside if enclosing(code) & stands_for] == []


@given(countries)
@quick
def test_every_country_is_a_place(code: str) -> None:
    assert place(code) == code
    assert residency([code], GROUPS) == [code]


@given(subdivisions)
@quick
def test_every_subdivision_lies_in_a_country_that_is_a_place(code: str) -> None:
    (country,) = enclosing(code) - {code}
    assert is_place(country)


@given(st.text(max_size=8))
@quick
def test_any_text_is_a_place_or_refused_by_the_one_error(code: str) -> None:
    known = code in {c.alpha_2 for c in pycountry.countries} | {s.code for s in pycountry.subdivisions}
    assert is_place(code) == known
    if not known:
        with pytest.raises(SettingsError):
            place(code)


@given(declared)
@quick
def test_a_residency_is_sorted_without_repeats_and_stable(codes: list[str]) -> None:
    kept = residency(codes, GROUPS)
    assert kept == sorted(set(codes))
    assert residency(kept, GROUPS) == kept
    assert residency([*codes, *codes], GROUPS) == kept


@given(declared, declared)
@quick
def test_declaring_more_never_opens_less(some: list[str], more: list[str]) -> None:
    assert expand(some, GROUPS) <= expand([*some, *more], GROUPS)
    assert expand([*some, *more], GROUPS) == expand(some, GROUPS) | expand(more, GROUPS)


@given(declared)
@quick
def test_what_a_residency_stands_for_holds_no_group_and_stands_for_itself(codes: list[str]) -> None:
    stands_for = expand(codes, GROUPS)
    assert not stands_for & set(GROUPS)
    assert expand(stands_for, GROUPS) == stands_for


@given(declared, subdivisions)
@quick
def test_a_country_that_is_inside_brings_all_its_subdivisions_and_none_brings_its_country(
    codes: list[str], subdivision: str
) -> None:
    (country,) = enclosing(subdivision) - {subdivision}
    if country in expand(codes, GROUPS):
        assert enclosing(subdivision) & expand(codes, GROUPS)
    only_a_part = [code for code in codes if country not in expand([code], GROUPS)]
    assert not enclosing(country) & expand([*only_a_part, subdivision], GROUPS)


@pytest.mark.parametrize(
    ("residencies", "common"),
    [
        ([], []),
        ([["DE"]], ["DE"]),
        ([["EU"]], ["EU"]),
        ([["EU"], ["EEA"]], ["EU"]),
        ([["EEA"], ["EEA"]], ["EEA"]),
        ([["EU"], ["DE", "US"]], ["DE"]),
        ([["CA"], ["CA-QC", "DE"]], ["CA-QC"]),
        ([["DE"], ["FR"]], []),
        ([["DE", "FR"], ["FR", "ES"], ["ES", "DE"]], []),
        ([["GONE"]], []),
    ],
)
def test_what_several_residencies_share(residencies: list[list[str]], common: list[str]) -> None:
    assert shared(residencies, GROUPS) == tuple(common)


@given(st.lists(declared, min_size=1, max_size=5), places)
@quick
def test_a_place_is_in_what_is_shared_exactly_when_each_residency_allows_it(many: list[list[str]], code: str) -> None:
    inside = all(enclosing(code) & expand(one, GROUPS) for one in many)
    assert bool(enclosing(code) & expand(shared(many, GROUPS), GROUPS)) == inside


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ({}, None),
        ({"forbidden_legal_control": ["US"]}, None),
        ({"store_in": ["EU"], "process_in": ["FR"], "forbidden_legal_control": ["DE"]}, None),
        ({"store_in": ["DE", "FR"], "forbidden_legal_control": ["DE", "FR"]}, "stored in DE, FR only"),
        ({"process_in": ["CA-QC"], "forbidden_legal_control": ["CA"]}, "processed in CA-QC only"),
        ({"access_from": ["US"], "forbidden_legal_control": ["US"]}, None),
        ({"store_in": ["GONE"]}, "stored nowhere: GONE stands for no place today"),
        ({"access_from": ["GONE"]}, "accessed from nowhere"),
    ],
)
def test_tags_that_nothing_could_meet_are_refused_with_what_to_change(
    tags: dict[str, list[str]], sentence: str | None
) -> None:
    usual = {"store_in": ["DE"], "process_in": ["DE"], "access_from": ["EU"], "forbidden_legal_control": list[str]()}
    if sentence is None:
        require_possible({**usual, **tags}, GROUPS)
        return
    with pytest.raises(SettingsError, match=sentence):
        require_possible({**usual, **tags}, GROUPS)


def test_two_residencies_have_in_common_what_lies_in_both_and_a_part_lies_in_its_country() -> None:
    drawn = [
        ({"DE"}, {"DE", "FR"}, {"DE"}),
        ({"DE"}, {"FR"}, set()),
        ({"CA"}, {"CA-QC"}, {"CA-QC"}),
        ({"CA-ON"}, {"CA-QC"}, set()),
        ({"CA", "DE"}, {"CA-QC", "DE-BY", "FR"}, {"CA-QC", "DE-BY"}),
        (set(), {"DE"}, set()),
    ]
    for one, other, common in drawn:
        assert both(frozenset(one), frozenset(other)) == common
        assert both(frozenset(other), frozenset(one)) == common


def test_a_residency_lies_within_another_where_all_of_its_places_do_and_it_has_any() -> None:
    groups = {"EU": frozenset({"DE", "FR"}), "GONE": frozenset[str]()}
    assert within(["DE"], ["EU"], groups)
    assert within(["EU"], ["DE", "FR"], groups)
    assert within(["DE-BY"], ["DE"], groups)
    assert not within(["DE"], ["DE-BY"], groups)
    assert not within(["DE", "US"], ["EU"], groups)
    assert not within(["GONE"], ["EU"], groups)
    assert not within(["DE"], ["GONE"], groups)
