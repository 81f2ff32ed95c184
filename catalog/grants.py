"""What was granted: to whom, for which purpose, until when; and an organisation's part of the owner's ceiling."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, DataHubError, InvalidTransitionError, NotFoundError
from catalog.tables import datasets, grants, lineages, organisation_budgets, people
from catalog.vocabulary import DatasetId, EventType, GrantId, GrantMode, OrganisationId, PersonId, Purpose

#: The part of a dataset one organisation may ever read, unless its grant says otherwise.
DEFAULT_SHARE = Decimal("0.25")


@dataclass(frozen=True, kw_only=True)
class Grantee:
    """Exactly one of a person, an organisation, or everyone signed in."""

    person_id: PersonId | None = None
    organisation_id: OrganisationId | None = None
    everyone: bool = False

    def __post_init__(self) -> None:
        if (self.person_id is not None) + (self.organisation_id is not None) + self.everyone != 1:
            raise DataHubError("A grant goes to exactly one: a person, an organisation, or everyone.")


@dataclass(frozen=True, kw_only=True)
class Term:
    """From when until when a grant is live; its end is never open."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None or self.starts_at >= self.ends_at:
            raise DataHubError("A grant's term needs a start and a later end, both with a time zone.")


def live() -> ColumnElement[bool]:
    """Return the condition of a live grant that opens something to a person, at the database's clock."""
    now = select(func.hub.hub_now()).scalar_subquery()  # once, not once a grant
    columns = grants.c
    started, ended = columns.starts_at <= now, columns.ends_at <= now
    return and_(
        started,
        ~ended,
        columns.suspended_at.is_(None),
        columns.revoked_at.is_(None),
        columns.mode != GrantMode.TRAIN,
    )


def give(  # noqa: PLR0913  # a grant is these facts
    session: Session,
    *,
    dataset_id: DatasetId,
    grantee: Grantee,
    purpose: Purpose,
    term: Term,
    share: Decimal | None = None,
    window_characters: int | None = None,
    lifetime_characters: int | None = None,
    mode: GrantMode = GrantMode.QUOTES,
    confirmed: bool = False,
) -> GrantId:
    """Give a grant and allot the organisation's part of the owner's ceiling.

    `confirmed`: the owner has said so themselves, which full reading and training need.
    Raises NotFoundError without such a dataset, ConflictError when the purpose is not one it allows, the ceiling is
    allotted already, or a confirmation is missing.
    """
    allowed = session.scalar(select(datasets.c.purposes).where(datasets.c.id == dataset_id))
    if allowed is None:
        raise NotFoundError("There is no such dataset. `hub dataset list` shows them.")
    if purpose not in allowed:
        raise ConflictError(f"The dataset is not offered for {purpose}; it is for {', '.join(allowed)}.")
    _require_confirmed(session, dataset_id, mode, confirmed=confirmed)
    if not grantee.everyone and mode is not GrantMode.TRAIN:
        _allot(session, dataset_id, _organisation_of(session, grantee), share, mode)
    values = {
        "dataset_id": dataset_id,
        "person_id": grantee.person_id,
        "organisation_id": grantee.organisation_id,
        "everyone": grantee.everyone,
        "purpose": purpose,
        "starts_at": term.starts_at,
        "ends_at": term.ends_at,
        "window_characters": window_characters,
        "lifetime_characters": lifetime_characters,
        "mode": mode,
        "confirmed_by": session.info["actor"] if confirmed else None,
        "given_by": session.info["actor"],
    }
    given = session.scalar(insert(grants).returning(grants.c.id), values)
    detail = {"purpose": purpose, "ends_at": term.ends_at.isoformat(), "everyone": grantee.everyone, "mode": mode}
    record(
        session,
        AuditEvent(type=EventType.GRANT_GIVEN, object=f"grant:{given}", dataset_ids=[dataset_id], detail=detail),
    )
    return GrantId(given)


def revoke(session: Session, grant_id: UUID, *, reason: str) -> None:
    """End a grant now.

    Raises NotFoundError, or InvalidTransitionError when it is revoked already.
    """
    row = session.execute(
        select(grants.c.dataset_id, grants.c.revoked_at).where(grants.c.id == grant_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such grant. `hub grant list` shows them.")
    if row.revoked_at is not None:
        raise InvalidTransitionError("That grant has been revoked already.")
    session.execute(
        update(grants)
        .where(grants.c.id == grant_id)
        .values(revoked_at=func.hub.hub_now(), revoked_by=session.info["actor"], revoked_reason=reason)
    )
    record(
        session,
        AuditEvent(
            type=EventType.GRANT_REVOKED,
            object=f"grant:{grant_id}",
            dataset_ids=[row.dataset_id],
            detail={"reason": reason},
        ),
    )


def every(session: Session) -> list[dict[str, object]]:
    """Return all grants with the names a person knows, newest first."""
    query = (
        select(
            grants.c.id,
            datasets.c.slug.label("dataset"),
            people.c.slug.label("person"),
            grants.c.organisation_id,
            grants.c.everyone,
            grants.c.purpose,
            grants.c.starts_at,
            grants.c.ends_at,
            grants.c.revoked_at,
        )
        .join(datasets, datasets.c.id == grants.c.dataset_id)
        .outerjoin(people, people.c.id == grants.c.person_id)
        .order_by(grants.c.given_at.desc())
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _organisation_of(session: Session, grantee: Grantee) -> OrganisationId:
    if grantee.organisation_id is not None:
        return grantee.organisation_id
    found = session.scalar(select(people.c.organisation_id).where(people.c.id == grantee.person_id))
    if found is None:
        raise NotFoundError("There is no such person.")
    return OrganisationId(found)


def _require_confirmed(session: Session, dataset_id: DatasetId, mode: GrantMode, *, confirmed: bool) -> None:
    if mode not in {GrantMode.FULL, GrantMode.TRAIN}:
        return
    if not confirmed:
        raise ConflictError(f"A grant for {mode} needs the owner's own confirmation.")
    full = select(lineages.c.full_share).join(datasets, datasets.c.lineage_id == lineages.c.id)
    if mode is GrantMode.FULL and session.scalar(full.where(datasets.c.id == dataset_id)) is None:
        raise ConflictError("The owner has set no ceiling for full reading yet: `hub dataset ceiling --full`.")


def _allot(
    session: Session, dataset_id: DatasetId, organisation_id: OrganisationId, share: Decimal | None, mode: GrantMode
) -> None:
    """Give the organisation its G out of c·N; the lineage's row lock makes the sum exact."""
    lineage = session.execute(
        select(lineages.c.id, lineages.c.ceiling_share, lineages.c.full_share)
        .join(datasets, datasets.c.lineage_id == lineages.c.id)
        .where(datasets.c.id == dataset_id)
        .with_for_update(of=lineages)
    ).one()
    budget = organisation_budgets.c
    others = session.scalar(
        select(func.coalesce(func.sum(budget.share), 0)).where(
            budget.lineage_id == lineage.id, budget.organisation_id != organisation_id, ~budget.open
        )
    )
    ceiling = lineage.full_share if mode is GrantMode.FULL else lineage.ceiling_share
    free = ceiling - (others or 0)
    had = session.scalar(
        select(budget.share).where(
            budget.lineage_id == lineage.id, budget.organisation_id == organisation_id, ~budget.open
        )
    )
    wanted = share if share is not None else had or min(DEFAULT_SHARE, free)
    if wanted <= 0 or wanted > free:
        raise ConflictError(
            f"The owner's ceiling of {ceiling:.0%} leaves {max(free, Decimal(0)):.0%} of this dataset "
            "for this organisation. Give a smaller --share, or have the owner raise the ceiling."
        )
    statement = upsert(organisation_budgets).values(
        organisation_id=organisation_id, lineage_id=lineage.id, share=wanted, open=False, used=0, cap=0
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["organisation_id", "lineage_id"], set_={"share": wanted, "open": False}
        )
    )
