"""Tells the audit trail which weights this hub runs: once for each digest, whoever brought the file in."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, newest, record
from catalog.settings import load
from catalog.vocabulary import EventType, ModelKind
from hub.models.registry import ModelRecord
from hub.serving.settings import ModelServerSettings
from hub.stack.folder import DataFolder

_MANY = 100_000  # more models than any hub will ever have registered


def record_models(session: Session, models: Iterable[ModelRecord]) -> int:
    """Write `model.registered` for each model the trail doesn't know yet; return how many there were."""
    known = {event.detail["sha256"] for event in newest(session, limit=_MANY, types=[EventType.MODEL_REGISTERED])}
    fresh = {model.sha256: model for model in models if model.sha256 not in known}
    for model in fresh.values():
        record(
            session,
            AuditEvent(
                type=EventType.MODEL_REGISTERED,
                object=f"model:{model.name}",
                detail={
                    "name": model.name,
                    "kind": model.kind,
                    "sha256": model.sha256,
                    "licence": model.licence,
                    "source": model.source,
                    "origin": model.origin,
                    "ancestry": None if model.ancestry is None else [asdict(one) for one in model.ancestry],
                },
            ),
        )
    return len(fresh)


def chosen_names(folder: DataFolder) -> dict[ModelKind, str | None]:
    """Return which models the model server is told to run; None: the one imported last."""
    told = load(ModelServerSettings, socket=folder.model_socket, folder=folder.models_dir)
    return {ModelKind.EMBEDDING: told.embedding, ModelKind.CHAT: told.chat}
