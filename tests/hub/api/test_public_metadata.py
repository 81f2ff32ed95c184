"""The list of what is public is true: nothing else is told without a charge; and its steward says they looked at it."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from catalog.public_metadata import ENTRIES, Audience
from hub.api.asking import StageEvent
from hub.api.document_shapes import DocumentState
from hub.api.pages import PageCostShape
from hub.api.search import SearchShape
from hub.api.shapes import AnswerShape, CardShape, PassageShape, RefusalShape
from hub.api.step_ups import MeterShape
from hub.api.system import HeldShape
from tests.catalog.ledger import events, rows
from tests.hub.api.conftest import Door
from tests.hub.api.walked import digest, kind

#: What tells of a dataset, by the name the list has for it, and who meets it.
SHAPES: dict[str, tuple[type[BaseModel], Audience]] = {
    "card": (CardShape, Audience.CARD),
    "refusal": (RefusalShape, Audience.CARD),
    "search": (SearchShape, Audience.GRANT),
    "hit": (PassageShape, Audience.GRANT),
    "answer": (AnswerShape, Audience.GRANT),
    "page": (PageCostShape, Audience.GRANT),
    "stage": (StageEvent, Audience.GRANT),
    "meter": (MeterShape, Audience.GRANT),
    "held": (HeldShape, Audience.GRANT),
    "file": (DocumentState, Audience.STEWARD),
}
#: Made from text: charged before it is told.
TEXT = {"hit.body", "hit.heading", "answer.text", "answer.citations.quote"}
#: About whoever asks: their grants, their budget, their conversation. Nothing of the dataset follows from it.
OF_THE_CALLER = {
    *(f"card.access.{name}" for name in ("granted", "purposes", "ends_at", "characters_left")),
    *("card.may_manage", "hit.charged", "hit.shown", "stage.name", "held.purpose", "held.ends_at"),
    *(f"refusal.{name}" for name in ("kind", "message", "refills_at", "shut_from_here")),
    *(f"meter.{name}" for name in ("characters_left", "window_characters", "refills_at", "matters")),
    *(f"answer.{name}" for name in ("id", "conversation_id", "citations.number", "cut")),
    *(f"page.{name}" for name in ("characters_left", "fits", "refills_at")),
}


def shapes_in(kind_of: Any) -> Iterator[type[BaseModel]]:
    """Shapes a field is made of: itself, or those inside a list or beside a null."""
    if isinstance(kind_of, type) and issubclass(kind_of, BaseModel):
        yield kind_of
    for one in get_args(kind_of):
        yield from shapes_in(one)


def fields(name: str, shape: type[BaseModel]) -> Iterator[str]:
    """`card.owner.slug`: each field that holds no other shape; a shape with a name of its own stands for itself."""
    apart = {one for one, _ in SHAPES.values()}
    for field, told in shape.model_fields.items():
        inner = list(shapes_in(told.annotation))
        if f"{name}.{field}" in OF_THE_CALLER or not inner:
            yield f"{name}.{field}"
        for one in inner:
            if one not in apart and f"{name}.{field}" not in OF_THE_CALLER:
                yield from fields(f"{name}.{field}", one)


SAID = {at for name, (shape, _) in SHAPES.items() for at in fields(name, shape)}
LISTED = {at: one for one in ENTRIES for at in one.at}


def test_whatever_the_api_tells_uncharged_is_on_the_list() -> None:
    """A new field of these shapes fails here, until it is charged as text or listed (and so reviewed anew)."""
    assert sorted(SAID - TEXT - OF_THE_CALLER - set(LISTED)) == []


def test_nothing_is_listed_that_is_not_told() -> None:
    assert sorted(set(LISTED) - SAID) == []
    assert sorted((TEXT | OF_THE_CALLER) - SAID) == []


def test_nothing_made_from_text_is_on_the_list() -> None:
    assert set(LISTED) & (TEXT | OF_THE_CALLER) == set()


def test_whoever_may_see_most_of_an_entry_is_named() -> None:
    order = list(Audience)
    met = {one.name: min(order.index(SHAPES[at.partition(".")[0]][1]) for at in one.at) for one in ENTRIES}
    assert {one.name: order.index(one.sees) for one in ENTRIES} == met


class Grown(CardShape):
    """A card somebody added a field to."""

    abstract: str


def test_a_new_field_of_the_card_is_noticed() -> None:
    """Or the comparison above would compare nothing."""
    assert set(fields("card", Grown)) - set(LISTED) - OF_THE_CALLER == {"card.abstract"}


# The steward's desk.

PATH = "/datasets/harbour/public-metadata"


def test_its_steward_sees_the_list_with_what_stands_there_now(door: Door) -> None:
    told = door.call("sten", "GET", PATH).json()
    assert [one["name"] for one in told["items"]] == [one.name for one in ENTRIES]
    found = {one["name"]: one for one in told["items"]}
    assert found["title"] == {
        "name": "title", "what": "What people call the dataset.", "sees": "card", "source": "written",
        "value": "Harbour",
    }  # fmt: skip
    assert found["document_name"]["value"] is None
    assert found["listed"]["value"] is True
    assert told["review"] is None


def test_the_values_are_those_of_the_card_everybody_sees(door: Door) -> None:
    card = door.call("mia", "GET", "/datasets/harbour").json()
    told = {one["name"]: one["value"] for one in door.call("sten", "GET", PATH).json()["items"]}
    same = set(card) - {"owner", "access", "may_manage"}
    assert {name: told[name] for name in same} == {name: card[name] for name in same}
    assert told["owner"] == card["owner"]["name"]


def test_a_review_is_told_to_every_steward_and_stale_once_the_words_change(door: Door) -> None:
    body = {"digest": digest(door, "sten", "harbour")}
    said = door.call("sten", "POST", f"{PATH}/reviews", json=body)
    assert said.status_code == 201
    assert (said.json()["review"]["by"], said.json()["review"]["current"]) == ("Sten", True)
    assert said.json()["digest"] == body["digest"]
    assert door.call("sten", "GET", PATH).json()["review"] == said.json()["review"]
    door.call("sten", "PATCH", "/datasets/harbour", json={"description": "Another one."})
    assert door.call("sten", "GET", PATH).json()["review"]["current"] is False
    assert kind(door.call("sten", "POST", f"{PATH}/reviews", json=body)) == (409, "conflict")
    (event,) = events(door.nation.database, "metadata.reviewed")
    assert event[2] == body


@pytest.mark.parametrize("who", ["olga", "ada", "mia"])
def test_nobody_but_its_owners_stewards_looks_or_reviews(door: Door, who: str) -> None:
    door.nation.person("olga", organisation="startup")
    door.people["olga"] = ("steward",)
    body = {"digest": digest(door, "sten", "harbour")}
    expected = (404, "absent") if who == "olga" else (403, "not-allowed")
    assert kind(door.call(who, "GET", PATH)) == expected
    assert kind(door.call(who, "POST", f"{PATH}/reviews", json=body)) == expected
    assert rows(door.nation.database, "SELECT * FROM hub.metadata_reviews") == []


@pytest.mark.parametrize(
    "body", [{}, {"digest": ""}, {"digest": "A" * 64}, {"digest": "0" * 65}, {"digest": "0" * 64, "by": "ada"}, None]
)
def test_what_is_no_digest_is_not_understood(door: Door, body: object) -> None:
    assert kind(door.call("sten", "POST", f"{PATH}/reviews", json=body)) == (422, "invalid")


def test_a_digest_of_something_else_reviews_nothing(door: Door) -> None:
    assert kind(door.call("sten", "POST", f"{PATH}/reviews", json={"digest": "0" * 64})) == (409, "conflict")
    assert rows(door.nation.database, "SELECT * FROM hub.metadata_reviews") == []
