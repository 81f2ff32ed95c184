"""Which weights a hub runs stands in its audit trail: once for each digest, with licence and origin."""

from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.audit import RecordedEvent, newest
from catalog.vocabulary import EventType, ModelKind
from hub.models.registry import ModelFile, ModelRecord
from hub.stack.provenance import record_models
from tests.fixtures.nation import OPERATOR, Nation


def model(name: str = "granite", digit: str = "a", **more: object) -> ModelRecord:
    facts: dict[str, Any] = {
        "name": name,
        "kind": ModelKind.CHAT,
        "sha256": digit * 64,
        "licence": "Apache-2.0",
        "source": "a stick of 3 May",
        "origin": "US",
        "ancestry": [{"name": "base", "origin": "FR"}],
        "imported_at": datetime(2026, 1, 1, tzinfo=UTC),
        "files": (ModelFile(path="m", sha256=digit * 64, bytes=1),),
    }
    return ModelRecord(**{**facts, **more})


def trail(nation: Nation) -> list[RecordedEvent]:
    with nation.operator.begin(OPERATOR) as session:
        return newest(session, limit=100, types=[EventType.MODEL_REGISTERED])


def recorded(nation: Nation, *models: ModelRecord) -> int:
    with nation.operator.begin(OPERATOR) as session:
        return record_models(session, models)


def test_a_model_is_recorded_with_name_digest_licence_and_origin(nation: Nation) -> None:
    assert recorded(nation, model()) == 1
    (event,) = trail(nation)
    assert event.object == "model:granite"
    assert event.actor == OPERATOR.actor
    assert event.detail == {
        "name": "granite",
        "kind": "chat",
        "sha256": "a" * 64,
        "licence": "Apache-2.0",
        "source": "a stick of 3 May",
        "origin": "US",
        "ancestry": [{"name": "base", "origin": "FR"}],
    }


def test_the_next_start_records_nothing_again(nation: Nation) -> None:
    assert [recorded(nation, model()) for _ in range(3)] == [1, 0, 0]
    assert len(trail(nation)) == 1


def test_other_weights_under_an_old_name_are_recorded(nation: Nation) -> None:
    recorded(nation, model())
    assert recorded(nation, model(digit="b")) == 1
    assert [event.detail["sha256"][0] for event in trail(nation)] == ["b", "a"]


def test_the_same_weights_twice_in_one_registry_are_one_record(nation: Nation) -> None:
    assert recorded(nation, model(), model("again")) == 1


def test_a_hub_without_models_records_nothing(nation: Nation) -> None:
    assert recorded(nation) == 0
    assert trail(nation) == []


def test_a_start_that_fails_leaves_no_record(nation: Nation) -> None:
    with pytest.raises(ZeroDivisionError), nation.operator.begin(OPERATOR) as session:  # noqa: PT012  # what fails comes after
        record_models(session, [model()])
        1 / 0  # noqa: B018  # anything that fails
    assert trail(nation) == []
