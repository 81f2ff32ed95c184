"""What an endpoint serves, in the catalog's words: from the registry beside the weights, or as the endpoint says it."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from catalog.ancestry import Ancestor, ServedModel
from catalog.embedding import EmbeddingClient
from catalog.errors import DependencyError, ModelFileError
from catalog.vocabulary import ModelKind
from hub.models.registry import ModelRecord, Registry


def of_registry(registry: Registry, names: Mapping[ModelKind, str | None]) -> list[ServedModel]:
    """Return the models a server over this registry will choose, none of a kind that is not there."""
    chosen = []
    for kind in ModelKind:
        with suppress(ModelFileError):  # the model server itself says what is missing
            chosen.append(as_served(registry.choose(kind, names.get(kind))))
    return chosen


def as_served(record: ModelRecord) -> ServedModel:
    """Return a registered model as an endpoint serves it."""
    return ServedModel(
        name=record.name, kind=record.kind, sha256=record.sha256, origin=record.origin, ancestry=record.ancestry
    )


def of_endpoint(socket: Path) -> list[ServedModel]:
    """Ask an endpoint what it serves; DependencyError where it can't be asked or its answer can't be read."""
    client = EmbeddingClient(socket, timeout_s=10)
    try:
        return [_of_card(card) for card in client.models()]
    except (ValueError, KeyError, TypeError) as error:
        raise DependencyError(f"The endpoint at {socket} does not say what it serves. Is it a hub's?") from error
    finally:
        client.close()


def _of_card(card: Mapping[str, Any]) -> ServedModel:
    ancestry = card.get("ancestry")
    return ServedModel(
        name=str(card["id"]),
        kind=ModelKind(card["kind"]),
        sha256=str(card["revision"]),
        origin=card.get("origin"),
        ancestry=None if ancestry is None else tuple(Ancestor(**one) for one in ancestry),
    )
