"""A classification printed in a text is found where it is a marking, and a word that only looks like one is none."""

import pytest

from catalog.vocabulary import Classification
from ingest.printed import MARKINGS, printed

FOUND = [
    ("SECRET\nThe dyke at Norden.", "secret"),
    ("The dyke.\n\n  -- SECRET --  \n\nMore of it.", "secret"),
    ("*** TOP SECRET ***", "secret"),
    ("VS \u2013 NUR FÜR DEN DIENSTGEBRAUCH\nLagebericht", "restricted"),
    ("VS-NfD", "restricted"),
    ("vs - nur für den dienstgebrauch", "restricted"),
    ("Einstufung: VS-NfD", "restricted"),
    ("Classification: Secret", "secret"),
    ("**Classification:** RESTRICTED", "restricted"),
    ("# STRENG GEHEIM", "secret"),
    ("RESTREINT UE/EU RESTRICTED", "restricted"),
    ("NATO  CONFIDENTIAL", "restricted"),
    ("FOR INTERNAL USE ONLY", "internal"),
    ("INTERNAL\nRESTRICTED\nInternal again", "restricted"),
    ("Security classification \u2013 secret", "secret"),
    ("", "public"),
    ("The Secret Garden\nA secret of the SECRET service.", "public"),
    ("Secret", "public"),
    ("secret", "public"),
    ("Secrets", "public"),
    ("SECRET PLANS OF THE HARBOUR", "public"),
    ("Classification: birds and fishes", "public"),
    ("RESTRICTED AREA", "public"),
    ("Vertraulich behandelt wurde die Sache nicht.", "public"),
    ("S E C R E T", "public"),
]


@pytest.mark.parametrize(("text", "level"), FOUND, ids=str)
def test_what_is_printed_is_found(text: str, level: str) -> None:
    assert printed(text) == Classification(level)


def test_every_marking_is_found_on_a_line_of_its_own_and_where_it_is_named() -> None:
    for level, markings in MARKINGS.items():
        for marking in markings:
            assert printed(f"A report\n{marking}\nof the dyke") is level, marking
            assert printed(f"Classification: {marking.title()}") is level, marking


def test_the_highest_of_several_counts() -> None:
    assert printed("INTERNAL\nGEHEIM\nRESTRICTED") is Classification.SECRET
