"""Server-sent events, read as the HTML standard says."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ui.events import events
from ui.problems import ApiError
from ui.shapes.reading import Event, Piece, Stage


def read(text: str) -> list[Event]:
    async def lines() -> AsyncIterator[str]:
        for line in text.split("\n"):
            yield line

    async def collect() -> list[Event]:
        return [one async for one in events(lines())]

    return asyncio.run(collect())


def test_an_event_ends_with_an_empty_line() -> None:
    assert read('event: piece\ndata: {"text": "a"}\n\nevent: piece\ndata: {"text": "b"}') == [Piece(text="a")]


def test_data_on_several_lines_is_one_text() -> None:
    assert read('event: piece\ndata: {"text":\ndata: "a"}\n\n') == [Piece(text="a")]


def test_the_space_after_the_colon_is_optional() -> None:
    assert read('event:stage\ndata:{"name":"looking","count":3}\n\n') == [Stage(name="looking", count=3)]


@pytest.mark.parametrize(
    "text", [": still here\n\n", "event: other\ndata: {}\n\n", "event: piece\n\n", "id: 7\n\n", "\n\n"]
)
def test_what_is_no_event_of_ours_is_passed_over(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("data", ["", "{", "[]", '{"text": 7}', '{"other": "a"}'])
def test_an_event_that_is_not_what_it_says_is_an_error(data: str) -> None:
    with pytest.raises(ApiError) as error:
        read(f"event: piece\ndata: {data}\n\n")
    assert error.value.slug == "unexpected"
