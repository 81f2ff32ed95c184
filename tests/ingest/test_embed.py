from dataclasses import replace
from typing import Any

import pytest

from catalog.breach import Breach
from catalog.embedding import Embeddings
from catalog.errors import DependencyError, OutOfPlaceError, TransientError
from catalog.policy.model import Ruling
from catalog.vocabulary import Door
from ingest.embed import embed, embedded_text
from ingest.stages import Chunked, Parsed, Piece, Text
from tests.fixtures.nation import MODEL
from tests.ingest.test_sandbox import admitted


def piece(body: str, heading: str = "", ordinal: int = 0) -> Piece:
    return Piece(ordinal=ordinal, start=0, end=len(body), first_page=None, last_page=None, heading=heading, body=body)


def chunked(*pieces: Piece) -> Chunked:
    parsed = Parsed(
        order=admitted(b"x").order,
        text=Text(body="x"),
        media_type="text/plain",
        parser="plain 1",
        language="simple",
        page_count=0,
        hidden=0,
        notes=(),
    )
    return Chunked(parsed=parsed, pieces=pieces)


HERE = Ruling(permitted=True, rules=("ingest.by-worker",), reasons=("Yes.",), endpoints=("endpoint",))


class Told:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def embed_documents(self, texts: list[str]) -> Embeddings:
        self.heard += texts
        return Embeddings(vectors=[[0.0] * 384 for _ in texts], model=MODEL)


class Counting:
    """Answers with the length of each text, in as many numbers as a vector has."""

    def embed_documents(self, texts: list[str]) -> Embeddings:
        return Embeddings(vectors=[[float(len(text))] * 384 for text in texts], model=MODEL)


def test_the_model_reads_the_headings_first() -> None:
    inside = piece("It was replaced.", "Water › Pumps")  # noqa: RUF001  # as in chunk.py
    assert embedded_text(inside).splitlines() == ["Water › Pumps", "It was replaced."]  # noqa: RUF001  # the same


def test_a_chunk_that_begins_with_its_only_heading_does_not_say_it_twice() -> None:
    assert embedded_text(piece("Water\n\nIt flows.", "Water")) == "Water\n\nIt flows."


def test_a_chunk_without_a_heading_is_read_as_it_is() -> None:
    assert embedded_text(piece("It flows.")) == "It flows."


def test_vectors_keep_the_order_of_their_chunks_and_name_their_model() -> None:
    embedder: Any = Counting()
    pieces = [piece("x" * (at + 1), ordinal=at) for at in range(150)]
    made = embed(chunked(*pieces), embedders={"endpoint": embedder}, ruling=HERE)
    assert [chunk.embedding[0] for chunk in made.chunks] == [float(at + 1) for at in range(150)]
    assert [chunk.ordinal for chunk in made.chunks] == list(range(150))
    assert made.model == MODEL


def test_a_model_server_that_is_down_is_tried_again() -> None:
    class Down:
        def embed_documents(self, _texts: list[str]) -> Embeddings:
            raise DependencyError

    down: Any = Down()
    with pytest.raises(TransientError):
        embed(chunked(piece("words")), embedders={"endpoint": down}, ruling=HERE)


def test_text_goes_to_the_first_endpoint_that_may_process_it_and_to_no_other() -> None:
    near, far = Told(), Told()
    embedders: Any = {"near": near, "far": far}
    embed(chunked(piece("words")), embedders=embedders, ruling=replace(HERE, endpoints=("far", "near")))
    assert (near.heard, far.heard) == ([], ["words"])


def test_text_goes_nowhere_when_no_endpoint_may_process_it() -> None:
    told: Any = Told()
    breach = Breach(door=Door.MODEL, rule="ingest.endpoint-outside-process-in", tag="process_in", place="endpoint")
    refused = Ruling(permitted=False, rules=(breach.rule,), reasons=("No.",), breaches=(breach,))
    with pytest.raises(OutOfPlaceError) as caught:
        embed(chunked(piece("words")), embedders={"endpoint": told}, ruling=refused)
    assert (told.heard, caught.value.breaches) == ([], (breach,))
