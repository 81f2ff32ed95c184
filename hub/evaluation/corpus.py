"""Takes a set of files in as a dataset of its own, under an `evaluation` grant, through the ordinary path."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import datasets, grants, people
from catalog.policy.model import Subject
from catalog.progress import Outcome, Progress, outcomes, progress
from catalog.tables import documents
from catalog.vocabulary import Classification, DatasetId, DocumentId, PlaceKind, Purpose
from hub.local import api_settings, data_folder, operator_session
from hub.stack.originals import originals
from hub.stack.site import Site, read_site
from hub.submit import hand_in

ORGANISATION = "hub-evaluation"
PERSON = "hub-evaluator"
#: Measuring reads everything, often: the budget is there and counted, only large.
BUDGET = datasets.Budget(
    window_characters=10_000_000_000, lifetime_characters=100_000_000_000, ceiling_share=Decimal(1)
)


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A dataset that was taken in for measuring, and who may ask it."""

    dataset_id: DatasetId
    slug: str
    subject: Subject
    outcomes: Sequence[Outcome]


def take_in(name: str, files: Sequence[tuple[str, Path]], tell: Callable[[Progress], None]) -> Corpus:
    """Register the dataset and its evaluator's grant, hand the files in, and wait until all are settled."""
    folder = data_folder()
    site = read_site(folder)
    assert site is not None  # noqa: S101  # a running hub has one
    slug = f"evaluation-{name}-{uuid4().hex[:8]}".lower().replace("_", "-")
    with operator_session() as session:
        subject = _evaluator(session, site)
        dataset_id = _dataset(session, slug, site.jurisdiction)
        now = datetime.now(UTC)
        grants.give(
            session,
            dataset_id=dataset_id,
            grantee=grants.Grantee(person_id=subject.person_id),
            purpose=Purpose.EVALUATION,
            term=grants.Term(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(days=1)),
            share=Decimal(1),
        )
    store = originals(folder, api_settings(folder).store_place)
    submission = hand_in(operator_session, store, dataset_id, files).submission_id
    while True:
        with operator_session() as session:
            state = progress(session, submission)
        tell(state)
        if not state.waiting:
            break
        time.sleep(0.5)
    with operator_session() as session:
        settled = outcomes(session, submission)
    return Corpus(dataset_id=dataset_id, slug=slug, subject=subject, outcomes=settled)


def withdraw(corpus: Corpus) -> None:
    """Take the dataset out of every scope when measuring is done."""
    with operator_session() as session:
        datasets.withdraw(session, corpus.dataset_id, reason="evaluation finished")


def document_names(corpus: Corpus) -> dict[DocumentId, str]:
    """Return each document's id and name."""
    query = select(documents.c.id, documents.c.name).where(documents.c.dataset_id == corpus.dataset_id)
    with operator_session() as session:
        return {DocumentId(row.id): row.name for row in session.execute(query)}


def _evaluator(session: Session, site: Site) -> Subject:
    jurisdiction = site.jurisdiction
    people.register_organisation(session, slug=ORGANISATION, name="Evaluation of the hub", jurisdiction=jurisdiction)
    known = {person.slug: person for person in people.everyone(session)}
    if PERSON not in known:
        people.register_person(
            session,
            slug=PERSON,
            name="Evaluator",
            organisation=ORGANISATION,
            jurisdiction=jurisdiction,
            clearance=Classification.INTERNAL,
        )
    found = people.find_person(session, PERSON)
    return Subject(
        person_id=found.id,
        jurisdiction=found.jurisdiction,
        clearance=found.clearance,
        zone=site.place(PlaceKind.ZONE),
    )


def _dataset(session: Session, slug: str, jurisdiction: str) -> DatasetId:
    return datasets.register(
        session,
        datasets.NewDataset(
            slug=slug,
            title=slug,
            description="Taken in to measure the hub.",
            owner=ORGANISATION,
            listed=False,
            classification=Classification.INTERNAL,
            store_in=[jurisdiction],
            process_in=[jurisdiction],
            access_from=[jurisdiction],
            forbidden_legal_control=[],
            purposes=[Purpose.EVALUATION],
            budget=BUDGET,
        ),
    )
