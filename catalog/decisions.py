"""Records a decision as a row; its id is what search and disclosure ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent
from catalog.audit import record as record_event
from catalog.policy.model import Ruling
from catalog.tables import decisions
from catalog.vocabulary import Action, DatasetId, DecisionId, EventType, PersonId, Purpose


@dataclass(frozen=True, kw_only=True)
class NewDecision:
    """A decision about to be recorded: each group of datasets with the ruling they share.

    `law_ids` are the laws it permits, of datasets and of documents stricter than theirs: what is not among them stays
    shut. `stricter` are the rulings on laws of documents.
    """

    subject_id: PersonId
    action: Action
    purpose: Purpose
    site: str
    zone: str
    policy_version: str
    dataset_ids: Sequence[DatasetId]
    rulings: Sequence[tuple[Sequence[DatasetId], Ruling]]
    law_ids: Sequence[UUID] = ()
    stricter: Sequence[tuple[Sequence[UUID], Ruling]] = ()


def record(session: Session, new: NewDecision) -> DecisionId:
    """Write the row and its audit event; the database's clock says when."""
    decision_id = DecisionId(uuid4())
    ruled = _by_what_is_said(new.rulings)
    rulings = [{"datasets": [str(i) for i in ids], **_said(r)} for ids, r in ruled] + [
        {"datasets": [], "document_laws": [str(i) for i in ids], **_said(r)}
        for ids, r in _by_what_is_said(new.stricter)
    ]
    values = {
        "id": decision_id,
        "subject_id": new.subject_id,
        "action": new.action,
        "purpose": new.purpose,
        "site": new.site,
        "zone": new.zone,
        "policy_version": new.policy_version,
        "dataset_ids": list(new.dataset_ids),
        "law_ids": list(new.law_ids),
        "rulings": rulings,
    }
    session.execute(insert(decisions).inline(), values)
    detail = {
        "purpose": new.purpose,
        "policy": new.policy_version,
        "zone": new.zone,
        "permitted": len(new.dataset_ids),
        "rulings": [{"datasets": len(ids), "permitted": r.permitted, "rules": r.rules} for ids, r in ruled],
    }
    record_event(
        session,
        AuditEvent(
            type=EventType.DECISION_MADE,
            object=f"decision:{decision_id}",
            dataset_ids=new.dataset_ids,
            decision_id=decision_id,
            detail=detail,
        ),
    )
    return decision_id


def _by_what_is_said(rulings: Sequence[tuple[Sequence[UUID], Ruling]]) -> list[tuple[list[UUID], Ruling]]:
    """Return those of equal words together: hundreds of laws come to a few rulings."""
    found: dict[tuple[bool, Sequence[str]], tuple[list[UUID], Ruling]] = {}
    for ids, ruling in rulings:
        found.setdefault((ruling.permitted, ruling.rules), ([], ruling))[0].extend(ids)
    return list(found.values())


def _said(ruling: Ruling) -> dict[str, object]:
    return {"permitted": ruling.permitted, "rules": ruling.rules, "reasons": ruling.reasons}
