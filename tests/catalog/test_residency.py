"""Places, groups of places, and whether one lies inside a residency."""

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import SettingsError
from catalog.residency import GROUPS, enclosing, expand, is_place, place, residency

#: The treaty's list, written out a second time: a state that falls out of `GROUPS` is missed here.
MEMBERS = {
    "AT": "Austria",
    "BE": "Belgium",
    "BG": "Bulgaria",
    "CY": "Cyprus",
    "CZ": "Czechia",
    "DE": "Germany",
    "DK": "Denmark",
    "EE": "Estonia",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GR": "Greece",
    "HR": "Croatia",
    "HU": "Hungary",
    "IE": "Ireland",
    "IT": "Italy",
    "LT": "Lithuania",
    "LU": "Luxembourg",
    "LV": "Latvia",
    "MT": "Malta",
    "NL": "Netherlands",
    "PL": "Poland",
    "PT": "Portugal",
    "RO": "Romania",
    "SE": "Sweden",
    "SI": "Slovenia",
    "SK": "Slovakia",
}
OUTSIDE = ["GB", "CH", "US", "UA", "TR", "RS", "AL", "ME", "MK", "BA", "MD", "GE", "CN", "RU", "GL", "FO", "JE", "IM"]
EEA_ONLY = ["IS", "LI", "NO"]

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


@pytest.mark.parametrize("code", MEMBERS)
def test_every_member_state_is_in_the_union_and_in_the_economic_area(code: str) -> None:
    assert code in GROUPS["EU"]
    assert code in GROUPS["EEA"]


@pytest.mark.parametrize(("code", "name"), MEMBERS.items())
def test_every_member_state_is_the_country_it_is_taken_for(code: str, name: str) -> None:
    assert pycountry.countries.get(alpha_2=code).name == name


@pytest.mark.parametrize("code", OUTSIDE)
def test_a_state_that_left_or_never_joined_is_in_no_group(code: str) -> None:
    assert is_place(code)
    assert not any(code in members for members in GROUPS.values())


@pytest.mark.parametrize("code", EEA_ONLY)
def test_the_economic_area_is_larger_than_the_union(code: str) -> None:
    assert code in GROUPS["EEA"]
    assert code not in GROUPS["EU"]


def test_the_groups_hold_nobody_else() -> None:
    assert GROUPS["EU"] == set(MEMBERS)
    assert GROUPS["EEA"] == set(MEMBERS) | set(EEA_ONLY)


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_named_unlike_any_place_and_its_members_are_countries(group: str) -> None:
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
        residency(["DE", code, "EU"])
    assert str(caught.value).startswith(f"'{code}' is neither a place nor a group.")
    assert "EU, EEA" in str(caught.value)


def test_the_refusal_of_an_unknown_code_hides_no_earlier_error() -> None:
    with pytest.raises(SettingsError) as caught:
        residency(["Atlantis"])
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
    stands_for = expand(residence)
    assert [code for code in inside if not enclosing(code) & stands_for] == []
    assert [code for code in outside if enclosing(code) & stands_for] == []


@given(countries)
@quick
def test_every_country_is_a_place(code: str) -> None:
    assert place(code) == code
    assert residency([code]) == [code]


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
    kept = residency(codes)
    assert kept == sorted(set(codes))
    assert residency(kept) == kept
    assert residency([*codes, *codes]) == kept


@given(declared, declared)
@quick
def test_declaring_more_never_opens_less(some: list[str], more: list[str]) -> None:
    assert expand(some) <= expand([*some, *more])
    assert expand([*some, *more]) == expand(some) | expand(more)


@given(declared)
@quick
def test_what_a_residency_stands_for_holds_no_group_and_stands_for_itself(codes: list[str]) -> None:
    stands_for = expand(codes)
    assert not stands_for & set(GROUPS)
    assert expand(stands_for) == stands_for


@given(declared, subdivisions)
@quick
def test_a_country_that_is_inside_brings_all_its_subdivisions_and_none_brings_its_country(
    codes: list[str], subdivision: str
) -> None:
    (country,) = enclosing(subdivision) - {subdivision}
    if country in expand(codes):
        assert enclosing(subdivision) & expand(codes)
    only_a_part = [code for code in codes if country not in expand([code])]
    assert not enclosing(country) & expand([*only_a_part, subdivision])
