"""Publishes a document: text, chunks and index in one transaction, the version before it taken out in the same one."""

from contextlib import suppress

from catalog import chunks
from catalog.chunks import NewRevision
from catalog.db import Database, Worker
from catalog.errors import InvalidTransitionError
from catalog.settings import SiteSettings
from ingest import tag
from ingest.stages import Embedded


def index(embedded: Embedded, *, database: Database, worker: str, site: SiteSettings) -> None:
    """Publish; a version that has left quarantine already (a job that ran twice) is left as it is."""
    parsed = embedded.parsed
    revision = NewRevision(
        text=parsed.text.body, parser=parsed.parser, language=parsed.language, pages=parsed.page_count
    )
    context = Worker(name=worker, dataset_id=parsed.order.dataset_id)
    with suppress(InvalidTransitionError), database.begin(context) as session:
        tag.agree(session, parsed, site)  # tags may have changed since the file was read
        chunks.publish(
            session,
            parsed.order.version_id,
            media_type=parsed.media_type,
            revision=revision,
            pieces=embedded.chunks,
            model=embedded.model,
        )
