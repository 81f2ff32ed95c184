"""Datasets of synthetic chunks, published as the worker does, and people who may read them: in a throw-away hub."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog import chunks, datasets, documents, grants, people
from catalog.db import Database, Worker
from catalog.index_model import EmbeddingModel
from catalog.policy.model import Subject
from catalog.settings import load
from catalog.vocabulary import Classification, DatasetId, DocumentId, Purpose, Sha256
from hub.evaluation.corpus import BUDGET
from hub.local import api_settings, data_folder, operator_session
from hub.stack.credentials import database_passwords
from hub.stack.parts import WORKER_ROLE, database_of
from hub.stack.settings import StackSettings

JURISDICTION = "DE"  # of the throw-away hub
CHUNKS_PER_DOCUMENT = 500


@dataclass(frozen=True, kw_only=True)
class Made:
    """One synthetic chunk."""

    body: str
    embedding: list[float]


def organisation(slug: str) -> None:
    """Register an organisation."""
    with operator_session() as session:
        people.register_organisation(session, slug=slug, name=slug, jurisdiction=JURISDICTION)


def person(slug: str, organisation_slug: str) -> Subject:
    """Register a person and return them as if they had signed in."""
    with operator_session() as session:
        people.register_person(
            session,
            slug=slug,
            name=slug,
            organisation=organisation_slug,
            jurisdiction=JURISDICTION,
            clearance=Classification.INTERNAL,
        )
        found = people.find_person(session, slug)
    zone = api_settings(data_folder()).zone_place
    return Subject(person_id=found.id, jurisdiction=found.jurisdiction, clearance=found.clearance, zone=zone)


def dataset(slug: str, owner: str, budget: datasets.Budget = BUDGET) -> DatasetId:
    """Register a dataset whose budgets are counted, and large enough never to end unless another is given."""
    with operator_session() as session:
        return datasets.register(session, declared(slug, owner, budget=budget))


def declared(slug: str, owner: str, **tags: Any) -> datasets.NewDataset:  # noqa: ANN401  # tags are of many types
    """Return a dataset as its owner would declare it: internal, of this place, to measure with, but for `tags`."""
    usual: dict[str, Any] = {
        "description": "Made to measure.",
        "listed": False,
        "classification": Classification.INTERNAL,
        "store_in": [JURISDICTION],
        "process_in": [JURISDICTION],
        "access_from": [JURISDICTION],
        "forbidden_legal_control": [],
        "purposes": [Purpose.EVALUATION],
        "budget": BUDGET,
    }
    return datasets.NewDataset(**{**usual, "slug": slug, "title": slug, "owner": owner, **tags})


def grant(dataset_id: DatasetId, subject: Subject, share: Decimal = Decimal(1), *, days: int = 1) -> None:
    """Let a person read a dataset for some days; `share` is their organisation's of the whole."""
    now = datetime.now(UTC)
    with operator_session() as session:
        grants.give(
            session,
            dataset_id=dataset_id,
            grantee=grants.Grantee(person_id=subject.person_id),
            purpose=Purpose.EVALUATION,
            term=grants.Term(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(days=days)),
            share=share,
        )


def grant_everyone(dataset_id: DatasetId, *, days: int) -> None:
    """Let everyone who is signed in read a dataset for some days."""
    now = datetime.now(UTC)
    with operator_session() as session:
        grants.give(
            session,
            dataset_id=dataset_id,
            grantee=grants.Grantee(everyone=True),
            purpose=Purpose.EVALUATION,
            term=grants.Term(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(days=days)),
        )


@contextmanager
def workers_database() -> Iterator[Database]:
    """Open the database as the worker's role."""
    folder = data_folder()
    password = database_passwords(folder)[WORKER_ROLE]
    database = Database(database_of(folder, load(StackSettings)).url(WORKER_ROLE, password), pool_size=1)
    try:
        yield database
    finally:
        database.close()


#: Vectors of a bench are made up; its hub is thrown away, so no other index hears of this one.
SYNTHETIC = EmbeddingModel(name="synthetic", revision="0" * 64, dimensions=384)


def publish(  # noqa: PLR0913  # a document is these facts
    database: Database,
    dataset_id: DatasetId,
    name: str,
    made: Sequence[Made],
    more: str = "",
    *,
    model: EmbeddingModel = SYNTHETIC,
) -> DocumentId:
    """Publish one document of these chunks without a gap; `more` is text beyond them, which only makes it larger."""
    body = "".join(one.body for one in made) + more
    with operator_session() as session:
        submitted = documents.submit(
            session,
            dataset_id=dataset_id,
            submission_id=documents.open_submission(session, dataset_id),
            name=name,
            sha256=Sha256(hashlib.sha256(f"{name}\n{body}".encode()).hexdigest()),
            size_bytes=len(body),
        )
    with database.begin(Worker(name="bench", dataset_id=dataset_id)) as session:
        chunks.publish(
            session,
            submitted.version_id,
            media_type="text/plain",
            revision=chunks.NewRevision(text=body, parser="bench 1", language="english", pages=1),
            pieces=list(_pieces(made)),
            model=model,
        )
    return submitted.document_id


def _pieces(made: Sequence[Made]) -> Iterator[chunks.NewChunk]:
    start = 0
    for ordinal, one in enumerate(made):
        end = start + len(one.body)
        yield chunks.NewChunk(
            ordinal=ordinal,
            start=start,
            end=end,
            first_page=1,
            last_page=1,
            heading="",
            body=one.body,
            embedding=one.embedding,
        )
        start = end
