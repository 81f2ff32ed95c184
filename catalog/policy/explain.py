"""Says why somebody may or may not: the ruling the law would make now, and the facts it would be made from.

Nothing is opened by it, so it makes no decision row; who asked for the explanation is in the audit trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.orm import Session

from catalog.ancestry import ServedModel
from catalog.audit import AuditEvent, record
from catalog.errors import NotFoundError
from catalog.grants import live
from catalog.people import Person
from catalog.places import Place
from catalog.policy.facts import ruling_on
from catalog.policy.model import Ruling, Subject, Surroundings
from catalog.residency import expand
from catalog.tables import datasets, grants
from catalog.vocabulary import SERVICE, Action, EventType, Purpose


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What would be decided, by which rules and why, and the facts, each as the registers hold it."""

    ruling: Ruling
    facts: Mapping[str, str]


def explain(  # noqa: PLR0913  # a question is these facts
    session: Session, here: Surroundings, *, slug: str, action: Action, person: Person | None, purpose: Purpose
) -> Explanation:
    """Explain what `person` may of the dataset `slug` for `purpose`, or what this site may when taking documents in.

    The person's place and clearance are the register's; a token may say otherwise. Raises NotFoundError.
    """
    query = select(datasets).where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None))
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"There is no dataset '{slug}', or it is withdrawn. `hub dataset list` shows them.")
    held = _grant(session, row, person, purpose) if person else None
    subject = None
    if person:
        subject = Subject(person_id=person.id, jurisdiction=person.jurisdiction, clearance=person.clearance)
    ruling = ruling_on(row, here, action, subject=subject, purpose=purpose, granted=held is not None)
    detail = {"action": action, "purpose": purpose, "permitted": ruling.permitted, "rules": ruling.rules}
    asked = AuditEvent(
        type=EventType.POLICY_EXPLAINED,
        object=f"person:{person.id}" if person else "worker",
        dataset_ids=[row["id"]],
        detail=detail,
    )
    record(session, asked)
    facts = _facts(row, here) | (_of_person(person, purpose, held) if person else {})
    return Explanation(ruling=ruling, facts=facts)


def _grant(session: Session, row: RowMapping, person: Person, purpose: Purpose) -> RowMapping | None:
    columns = grants.c
    theirs = or_(columns.everyone, columns.person_id == person.id)
    if person.kind != SERVICE:  # a program has its own grants and none of its organisation's (granted_organisation())
        theirs = or_(theirs, columns.organisation_id == person.organisation_id)
    query = select(grants).where(columns.dataset_id == row["id"], columns.purpose == purpose, theirs, live())
    return session.execute(query.order_by(columns.ends_at.desc()).limit(1)).mappings().one_or_none()


def _facts(row: RowMapping, here: Surroundings) -> dict[str, str]:
    facts = {"dataset.classification": str(row["classification"]), "dataset.purposes": ", ".join(row["purposes"])}
    for tag in ("store_in", "process_in", "access_from"):
        declared, places = row[tag], sorted(expand(row[tag], here.groups))
        facts[f"dataset.{tag}"] = ", ".join(declared) + ("" if declared == places else f" = {', '.join(places)}")
    facts["dataset.forbidden_model_origins"] = ", ".join(row["forbidden_model_origins"]) or "none"
    facts["dataset.forbidden_legal_control"] = ", ".join(row["forbidden_legal_control"]) or "none"
    for part in ("site", "store", "database", "worker", "endpoint"):
        facts[part] = _stands(getattr(here, part))
    facts |= {f"endpoint {number}": _stands(place) for number, place in enumerate(here.more_endpoints, start=2)}
    return facts | {"host": "sealed" if here.sealed else "not sealed"}


def _stands(place: Place) -> str:
    served = "".join(f"; {one.name} from {_origins(one)}" for one in place.models)
    return f"{place.name} in {place.jurisdiction}, under the law of {', '.join(sorted(place.legal_control))}{served}"


def _origins(model: ServedModel) -> str:
    of = ", ".join(f"{one.name} from {one.origin or 'unknown'}" for one in model.ancestry or ())
    made = "an unknown one" if model.ancestry is None else of or "no other"
    return f"{model.origin or 'unknown'}, made from {made}"


def _of_person(person: Person, purpose: Purpose, held: RowMapping | None) -> dict[str, str]:
    grant = "none" if held is None else f"until {held['ends_at']:%Y-%m-%d %H:%M} UTC, reading {held['mode']}"
    return {
        "person": person.slug,
        "person.place": person.jurisdiction,
        "person.clearance": str(person.clearance),
        f"grant for {purpose}": grant,
    }
