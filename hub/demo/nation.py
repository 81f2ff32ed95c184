"""Brings Varnholm into a hub, through the ordinary doors."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from catalog import datasets, grants, people
from catalog.vocabulary import DatasetId, PersonId, SubmissionId
from hub.demo.files import write_files
from hub.demo.holdings import DATASETS
from hub.demo.people import GRANTS, JURISDICTION, ORGANISATIONS
from hub.local import api_settings, data_folder, operator_session
from hub.stack.keycloak.people import PEOPLE
from hub.stack.originals import originals
from hub.submit import files_below, hand_in, require, ruling_here


def is_loaded() -> bool:
    """Say whether Varnholm is in this hub already."""
    with operator_session() as session:
        return any(card.slug == DATASETS[0].slug for card, _ in datasets.every(session))


def load(tell: Callable[[str], None]) -> list[SubmissionId]:
    """Register people, datasets and grants, and hand the documents in; returns the submissions to wait for."""
    tell("Varnholm, a fictional district: organisations, people, datasets, grants …")
    with operator_session() as session:
        _register_people(session)
        ids = {new.slug: datasets.register(session, new) for new in DATASETS}
        _give_grants(session, ids)
    with TemporaryDirectory(prefix="hub-demo-") as folder:
        tell(f"{write_files(Path(folder))} documents in {len(ids)} datasets go into quarantine …")
        return [_hand_in(dataset_id, Path(folder) / slug) for slug, dataset_id in ids.items()]


def _register_people(session: Session) -> None:
    for slug, name in ORGANISATIONS.items():
        people.register_organisation(session, slug=slug, name=name, jurisdiction=JURISDICTION)
    for person in PEOPLE:
        people.register_person(
            session,
            slug=person.slug,
            name=person.name,
            organisation=person.organisation,
            jurisdiction=person.jurisdiction,
            clearance=person.clearance,
            person_id=PersonId(person.id),
        )


def _give_grants(session: Session, ids: dict[str, DatasetId]) -> None:
    now = datetime.now(UTC)
    term = grants.Term(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(days=90))
    for person, dataset, purpose in GRANTS:
        grants.give(
            session,
            dataset_id=ids[dataset],
            grantee=grants.Grantee(person_id=people.find_person(session, person).id),
            purpose=purpose,
            term=term,
            share=Decimal(1),
        )


def _hand_in(dataset_id: DatasetId, folder: Path) -> SubmissionId:
    here = data_folder()
    settings = api_settings(here)
    store = originals(here, settings.store_place)
    with operator_session() as session:
        ruling = ruling_here(session, dataset_id, settings)
    require(ruling)
    return hand_in(operator_session, store, dataset_id, list(files_below([folder]))).submission_id
