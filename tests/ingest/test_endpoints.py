"""A worker that knows two endpoints sends a document's text to one its dataset allows, and to no other."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from catalog import models, places
from catalog.ancestry import ServedModel
from catalog.embedding import EmbeddingClient
from catalog.objects import FolderStore
from catalog.vocabulary import ModelKind, PlaceKind
from ingest.pipeline import Equipment
from ingest.sandbox import SandboxLimits
from ingest.worker import handle
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.fakes.model_server import Listening, run
from tests.ingest.test_worker import PATIENCE, ended, rows, submit
from tests.spec.drawn import stand

WORDS = b"The pump failed."


@pytest.fixture
def heard() -> dict[str, Listening]:
    return {"endpoint": Listening(), "far": Listening()}


@pytest.fixture
def equipment(nation: Nation, tmp_path: Path, parser_socket: Path, heard: dict[str, Listening]) -> Iterator[Equipment]:
    """The first endpoint stands in France, the other in Austria."""
    stand(nation, "endpoint", "FR")
    with nation.operator.begin(OPERATOR) as session:
        places.register(
            session, name="far", kind=PlaceKind.ENDPOINT, jurisdiction="AT", operator="o", legal_control=["AT"]
        )
    with (
        run(tmp_path / "near.sock", reader=heard["endpoint"]) as near,
        run(tmp_path / "far.sock", reader=heard["far"]) as far,
    ):
        embedders = {"endpoint": EmbeddingClient(near, timeout_s=30), "far": EmbeddingClient(far, timeout_s=30)}
        yield Equipment(
            database=nation.worker,
            objects=FolderStore(tmp_path / "objects", place="store"),
            embedders=embedders,
            parser_socket=parser_socket,
            site=nation.site.model_copy(update={"more_endpoints": {"far": far}}),
            worker="test",
            max_document_bytes=10 << 20,
            sandbox_limits=SandboxLimits(),
        )
        for embedder in embedders.values():
            embedder.close()


@pytest.mark.parametrize(
    ("process_in", "by"),
    [(["DE", "FR"], "endpoint"), (["DE", "AT"], "far"), (["EU"], "endpoint")],
    ids=["france", "austria", "both"],
)
def test_text_is_embedded_where_the_dataset_allows_it_and_nowhere_else(
    nation: Nation, equipment: Equipment, heard: dict[str, Listening], process_in: list[str], by: str
) -> None:
    nation.dataset("water", process_in=process_in)
    claim = submit(nation, equipment, WORDS)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim)[0] == "published"
    assert {name: one.heard for name, one in heard.items()} == {
        name: [WORDS.decode()] if name == by else [] for name in heard
    }


def test_what_no_endpoint_may_embed_is_not_even_read(
    nation: Nation, equipment: Equipment, heard: dict[str, Listening]
) -> None:
    nation.dataset("water")
    claim = submit(nation, equipment, WORDS)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == ("refused", "not allowed here", "ingest.endpoint-outside-process-in")
    assert [one.heard for one in heard.values()] == [[], []]
    assert rows(nation, "SELECT door, place FROM hub.violations ORDER BY place") == [
        ("model", "endpoint"),
        ("model", "far"),
    ]


def test_tags_that_change_while_it_is_read_hold_before_any_text_goes_to_a_model(
    nation: Nation, equipment: Equipment, heard: dict[str, Listening]
) -> None:
    class Slow(FolderStore):
        """While it hands the original out, the dataset is closed to every model."""

        def open(self, sha256: Any) -> Any:
            with nation.operator.begin(OPERATOR) as session:
                session.execute(text("UPDATE hub.datasets SET process_in = '{DE}'"))
            return super().open(sha256)

    nation.dataset("water", process_in=["EU"])
    claim = submit(nation, equipment, WORDS)
    assert isinstance(equipment.objects, FolderStore)
    slow = Slow(equipment.objects._root, place="store")
    handle(claim, equipment=replace(equipment, objects=slow), patience=PATIENCE)
    assert ended(nation, claim)[:2] == ("refused", "not allowed here")
    assert [one.heard for one in heard.values()] == [[], []]


def test_an_embedder_of_a_forbidden_or_another_origin_than_told_is_given_no_text(
    nation: Nation, equipment: Equipment, heard: dict[str, Listening]
) -> None:
    nation.dataset("water", process_in=["EU"], forbidden_model_origins=["CN"])
    outcomes = []
    for number, (name, origin) in enumerate(
        [("hashing-embedder", "CN"), ("another", "FR"), ("hashing-embedder", "FR")]
    ):
        digest = sha256(name.encode()).hexdigest()
        served = ServedModel(name=name, kind=ModelKind.EMBEDDING, sha256=digest, origin=origin, ancestry=())
        with nation.operator.begin(OPERATOR) as session:
            models.serve(session, "endpoint", [served])
        claim = submit(nation, equipment, WORDS, f"{number}.txt")
        handle(claim, equipment=equipment, patience=PATIENCE)
        outcomes.append((*ended(nation, claim)[::2], len(heard["endpoint"].heard)))
    refused = ("refused", "ingest.model-of-forbidden-origin", 0)
    assert outcomes == [refused, refused, ("published", None, 1)]
    assert heard["far"].heard == []
    assert rows(nation, "SELECT DISTINCT door, tag, place FROM hub.violations WHERE place = 'endpoint'") == [
        ("model", "forbidden_model_origins", "endpoint")
    ]
