"""Who and what there is in Varnholm, and how it comes into a hub: through the ordinary doors.

A place must be a real ISO 3166 code, so the fictional district borrows DE.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from catalog import datasets, grants, people
from catalog.datasets import BUDGETS, Budget, NewDataset
from catalog.vocabulary import Classification, DatasetId, Purpose, SubmissionId
from hub.demo.files import write_files
from hub.local import api_settings, data_folder, operator_session
from hub.stack.originals import originals
from hub.submit import files_below, hand_in, require_allowed

ORGANISATIONS = {
    "water-board": ("Water Board of Varnholm", "DE"),
    "ministry-of-health": ("Ministry of Health", "DE"),
    "coast-institute": ("Institute for Coast and Climate", "DE"),
    "tidewise": ("Tidewise, a startup", "DE"),
}
#: slug → (name, organisation, place, clearance)
PEOPLE = {
    "ada": ("Ada Lind, researcher", "coast-institute", "DE", Classification.SECRET),
    "luc": ("Luc Perrin, researcher abroad", "coast-institute", "FR", Classification.SECRET),
    "mia": ("Mia Sander, founder", "tidewise", "DE", Classification.INTERNAL),
}
#: (person, dataset): luc holds a grant he can't use from where he is.
GRANTS = (
    ("ada", "harbour-notices"),
    ("ada", "dyke-inspections"),
    ("ada", "clinic-registry"),
    ("luc", "dyke-inspections"),
)


def _whole(classification: Classification) -> Budget:
    """Return the usual budget, with the ceiling the demo's owners confirmed: these datasets are a few pages each."""
    usual = BUDGETS[classification]
    return Budget(
        window_characters=usual.window_characters,
        lifetime_characters=usual.lifetime_characters,
        ceiling_share=Decimal(1),
    )


DATASETS = (
    NewDataset(
        slug="harbour-notices",
        title="Harbour Notices",
        description="Rules, timetables, tide stations and history of the port.",
        owner="water-board",
        listed=True,
        classification=Classification.INTERNAL,
        store_in=["EU"],
        process_in=["EU"],
        access_from=["EU"],
        forbidden_legal_control=[],
        purposes=[Purpose.RESEARCH, Purpose.PRODUCT_DEVELOPMENT],
        budget=_whole(Classification.INTERNAL),
    ),
    NewDataset(
        slug="dyke-inspections",
        title="Dyke Inspections",
        description="Inspection reports, maintenance plans and pump logs of the Water Board.",
        owner="water-board",
        listed=True,
        classification=Classification.RESTRICTED,
        store_in=["DE"],
        process_in=["DE"],
        access_from=["DE"],
        forbidden_legal_control=["US"],
        purposes=[Purpose.RESEARCH],
        budget=_whole(Classification.RESTRICTED),
    ),
    NewDataset(
        slug="clinic-registry",
        title="Clinic Registry",
        description="Clinics, admissions in heat, and the cold chain of vaccines.",
        owner="ministry-of-health",
        listed=False,
        classification=Classification.SECRET,
        store_in=["DE"],
        process_in=["DE"],
        access_from=["DE"],
        forbidden_legal_control=["US", "CN"],
        purposes=[Purpose.RESEARCH, Purpose.STATISTICS],
        budget=Budget(window_characters=30_000, lifetime_characters=200_000, ceiling_share=Decimal(1)),
    ),
)


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
    tell("Ten documents go into quarantine …")
    with TemporaryDirectory(prefix="hub-demo-") as folder:
        write_files(Path(folder))
        return [_hand_in(dataset_id, Path(folder) / slug) for slug, dataset_id in ids.items()]


def _register_people(session: Session) -> None:
    for slug, (name, place) in ORGANISATIONS.items():
        people.register_organisation(session, slug=slug, name=name, jurisdiction=place)
    for slug, (name, organisation, place, clearance) in PEOPLE.items():
        people.register_person(
            session, slug=slug, name=name, organisation=organisation, jurisdiction=place, clearance=clearance
        )


def _give_grants(session: Session, ids: dict[str, DatasetId]) -> None:
    now = datetime.now(UTC)
    term = grants.Term(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(days=90))
    for person, dataset in GRANTS:
        grantee = grants.Grantee(person_id=people.find_person(session, person).id)
        grants.give(
            session,
            dataset_id=ids[dataset],
            grantee=grantee,
            purpose=Purpose.RESEARCH,
            term=term,
            share=Decimal(1),
        )


def _hand_in(dataset_id: DatasetId, folder: Path) -> SubmissionId:
    here = data_folder()
    settings = api_settings(here)
    store = originals(here, settings.store_place)
    with operator_session() as session:
        require_allowed(session, dataset_id, settings)
    return hand_in(operator_session, store, dataset_id, list(files_below([folder]))).submission_id
