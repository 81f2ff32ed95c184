"""Registers organisations and people, and finds them by the names their operators gave them."""

from dataclasses import dataclass, fields

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from catalog.audit import AuditEvent, record
from catalog.errors import ConflictError, NotFoundError, NotRegisteredError
from catalog.residency import place
from catalog.tables import datasets, organisations, people
from catalog.vocabulary import Classification, EventType, OrganisationId, PersonId


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who may ask."""

    id: PersonId
    slug: str
    name: str
    organisation_id: OrganisationId
    jurisdiction: str
    clearance: Classification
    behind_id: PersonId | None = None  # whose budget this account's reading is charged to
    kind: str = "person"  # or `service`: a program's account


@dataclass(frozen=True, kw_only=True)
class Me:
    """The person a session speaks for, as registered here."""

    id: PersonId
    slug: str
    name: str
    organisation_slug: str
    organisation_name: str


def register_organisation(session: Session, *, slug: str, name: str, jurisdiction: str) -> OrganisationId:
    """Add an organisation; an existing one of that name is returned as it is."""
    values = {"slug": slug, "name": name, "jurisdiction": place(jurisdiction)}
    added = session.scalar(upsert(organisations).on_conflict_do_nothing().returning(organisations.c.id), values)
    if added is None:
        return find_organisation(session, slug)
    record(
        session,
        AuditEvent(type=EventType.ORGANISATION_REGISTERED, object=f"organisation:{added}", detail={"slug": slug}),
    )
    return OrganisationId(added)


def find_organisation(session: Session, slug: str) -> OrganisationId:
    """Return the organisation named `slug`; raises NotFoundError."""
    found = session.scalar(select(organisations.c.id).where(organisations.c.slug == slug))
    if found is None:
        raise NotFoundError(f"There is no organisation '{slug}'. Add it with `hub person organisation {slug} …`.")
    return OrganisationId(found)


def register_person(  # noqa: PLR0913  # one argument per attested attribute
    session: Session,
    *,
    slug: str,
    name: str,
    organisation: str,
    jurisdiction: str,
    clearance: Classification,
    person_id: PersonId | None = None,
) -> PersonId:
    """Add a person, under the id an issuer knows them by where there is one.

    Raises ConflictError when the name or the id is taken.
    """
    values = {
        **({} if person_id is None else {"id": person_id}),
        "slug": slug,
        "name": name,
        "organisation_id": find_organisation(session, organisation),
        "jurisdiction": place(jurisdiction),
        "clearance": clearance,
    }
    if session.scalar(select(people.c.id).where(people.c.slug == slug)):
        raise ConflictError(f"There is already a person '{slug}'.")
    added = session.scalar(insert(people).returning(people.c.id), values)
    record(
        session,
        AuditEvent(
            type=EventType.PERSON_REGISTERED,
            object=f"person:{added}",
            detail={"slug": slug, "jurisdiction": jurisdiction, "clearance": clearance},
        ),
    )
    return PersonId(added)


def put_behind(session: Session, account: str, person: str) -> None:
    """Say that an account is another one of `person`: from now on, and for all it has read, their budget pays.

    Raises NotFoundError, ConflictError for an account that has one behind it or stands behind one.
    """
    one, behind = find_person(session, account), find_person(session, person)
    taken = session.scalar(select(people.c.id).where(people.c.behind_id == one.id))
    if one.id == behind.id or one.behind_id or behind.behind_id or taken:
        raise ConflictError("An account has at most one person behind it, and that person no other.")
    session.execute(update(people).where(people.c.id == one.id).values(behind_id=behind.id))
    for merged in (_MERGE_COUNTERS, _MERGE_SPANS):
        session.execute(merged, {"account": one.id, "person": behind.id})
    record(
        session,
        AuditEvent(type=EventType.ACCOUNT_LINKED, object=f"person:{one.id}", detail={"behind": str(behind.id)}),
    )


_MERGE_COUNTERS = text(
    """
    INSERT INTO hub.person_budgets AS mine
    SELECT :person, a.lineage_id, a.window_started_at, a.window_used, a.window_limit, a.lifetime_used, a.lifetime_limit
      FROM hub.person_budgets a WHERE a.person_id = :account
    ON CONFLICT (person_id, lineage_id) DO UPDATE
       SET window_started_at = greatest(mine.window_started_at, excluded.window_started_at),
           window_used = mine.window_used + excluded.window_used,
           window_limit = greatest(mine.window_limit, mine.window_used + excluded.window_used),
           lifetime_used = mine.lifetime_used + excluded.lifetime_used,
           lifetime_limit = greatest(mine.lifetime_limit, mine.lifetime_used + excluded.lifetime_used)
    """
)
_MERGE_SPANS = text(
    """
    INSERT INTO hub.read_spans AS mine (person_id, revision_id, spans)
    SELECT :person, a.revision_id, a.spans FROM hub.read_spans a WHERE a.person_id = :account
    ON CONFLICT (person_id, revision_id) DO UPDATE SET spans = mine.spans + excluded.spans
    """
)


def find_person(session: Session, slug: str) -> Person:
    """Return the person named `slug`; raises NotFoundError."""
    row = session.execute(select(people).where(people.c.slug == slug)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"There is no person '{slug}'. `hub person list` shows who is registered.")
    return _person(dict(row))


def find_grantee(session: Session, dataset: str, slug: str) -> Person:
    """Return the person `slug`, whom a grant on the steward's own dataset names, once or still; else NotFoundError."""
    held = select(datasets.c.id).where(datasets.c.slug == dataset, datasets.c.withdrawn_at.is_(None)).scalar_subquery()
    named = func.hub.grantees(held).table_valued(*(field.name for field in fields(Person)))
    row = session.execute(select(named).where(named.c.slug == slug)).mappings().one_or_none()
    if row is None:
        raise NotFoundError
    return Person(**{**row, "clearance": Classification(row["clearance"])})


def who(session: Session) -> Me:
    """Return the person this session speaks for; NotRegisteredError."""
    query = select(
        people.c.id,
        people.c.slug,
        people.c.name,
        organisations.c.slug.label("organisation_slug"),
        organisations.c.name.label("organisation_name"),
    ).join(organisations, organisations.c.id == people.c.organisation_id)
    row = session.execute(query.where(people.c.id == func.hub.subject_id())).mappings().one_or_none()
    if row is None:
        raise NotRegisteredError
    return Me(**row)


def everyone(session: Session) -> list[Person]:
    """Return all registered people by name."""
    return [_person(dict(row)) for row in session.execute(select(people).order_by(people.c.slug)).mappings()]


def _person(row: dict[str, object]) -> Person:
    row.pop("registered_at")
    return Person(**{**row, "clearance": Classification(str(row["clearance"]))})  # type: ignore[arg-type]
