"""The steps a document takes from quarantine to the index, in order; any of them may be run again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog.db import Database, Worker
from catalog.documents import Order
from catalog.embedding import EmbeddingClient
from catalog.objects import ObjectStore
from catalog.settings import SiteSettings
from ingest import sandbox, store, tag
from ingest.chunk import chunk
from ingest.embed import embed
from ingest.quarantine import quarantine
from ingest.sandbox import SandboxLimits
from ingest.stages import Embedded
from ingest.tag import Permitted


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """What the steps need around them; `embedders` by the name of the endpoint each calls."""

    database: Database
    objects: ObjectStore
    embedders: Mapping[str, EmbeddingClient]
    parser_socket: Path
    site: SiteSettings
    worker: str
    max_document_bytes: int
    sandbox_limits: SandboxLimits


def take_in(order: Order, *, equipment: Equipment) -> Embedded:
    """Bring one document version from quarantine into the index."""
    permitted = _permit(order, equipment)  # first: forbidden here means not even read here
    admitted = quarantine(order, objects=equipment.objects, max_document_bytes=equipment.max_document_bytes)
    parsed = sandbox.parse(admitted, socket_path=equipment.parser_socket, limits=equipment.sandbox_limits)
    tag.compare(parsed, permitted.level)
    chunked = chunk(parsed)
    # asked again: reading may have taken an hour
    embedded = embed(chunked, embedders=equipment.embedders, ruling=_permit(order, equipment).ruling)
    store.index(embedded, database=equipment.database, worker=equipment.worker, site=equipment.site)
    return embedded


def _permit(order: Order, equipment: Equipment) -> Permitted:
    with equipment.database.begin(Worker(name=equipment.worker, dataset_id=order.dataset_id)) as session:
        return tag.permit(session, order.dataset_id, equipment.site, order.document_id)
