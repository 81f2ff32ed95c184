"""What the operator reads of what is public of a dataset; the owner's word is given on the owner's own screen."""

from datetime import UTC, datetime

import pytest

from catalog.public_metadata import ENTRIES, Review
from hub.commands.dataset import review_in_words
from tests.hub.commands.conftest import Town
from tests.hub.commands.terminal import done

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_the_list_is_shown_with_what_stands_there_now_and_who_should_look(town: Town) -> None:
    said = done(town.hub("dataset", "public-metadata", town.dataset)).out
    assert f"Harbour {town.mark}" in said
    assert all(one.what in said for one in ENTRIES)
    assert f"Nobody of its owner has looked at what is public of {town.dataset}." in said
    assert "ingestion screen" in said


def test_a_program_gets_the_same_as_json(town: Town) -> None:
    told = done(town.hub("dataset", "public-metadata", town.dataset, "--json")).json
    assert (told["dataset"], told["review"], len(told["digest"])) == (town.dataset, None, 64)
    found = {one["name"]: one for one in told["items"]}
    assert set(found) == {one.name for one in ENTRIES}
    assert found["title"]["stands_there_now"] == f"Harbour {town.mark}"
    assert (found["documents"]["stands_there_now"], found["pages"]["stands_there_now"]) == (0, None)
    assert (found["document_name"]["seen_by"], found["document_name"]["comes_from"]) == ("grant", "file")


def test_what_is_not_there_is_said(town: Town) -> None:
    said = town.hub("dataset", "public-metadata", "no-such-dataset")
    assert said.code == 5


@pytest.mark.parametrize(
    ("review", "words"),
    [
        (None, "Nobody of its owner has looked"),
        (Review(by="Sten", at=AT, current=True), "Sten looked at it on 2026-11-20; nothing has changed since."),
        (
            Review(by="Sten", at=AT, current=False),
            "Sten looked at it on 2026-11-20, and it has changed since. A steward",
        ),
    ],
    ids=["none", "current", "stale"],
)
def test_a_review_in_words(review: Review | None, words: str) -> None:
    assert review_in_words("rivers", review).startswith(words)
