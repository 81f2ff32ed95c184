"""Says why somebody may or may not: the ruling the law would make now, the facts behind it, and what would change it.

Nothing is opened by it, so it makes no decision row; who asked for the explanation is in the audit trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.orm import Session

from catalog.ancestry import ServedModel
from catalog.audit import AuditEvent, record
from catalog.document_laws import OWN_COLUMNS, own_of
from catalog.document_tags import NONE, DocumentTags, effective
from catalog.errors import NotFoundError
from catalog.grants import live
from catalog.people import Person
from catalog.places import Place
from catalog.policy.facts import alike_rulings, ruling_on
from catalog.policy.model import Ruling, Subject, Surroundings
from catalog.residency import expand
from catalog.tables import datasets, document_laws, document_versions, documents, grants
from catalog.vocabulary import SERVICE, Action, DocumentId, EventType, Purpose, VersionState

#: What a ruling says when no rule permitted and none forbade.
NO_GRANT: Final = "default-deny"
#: No rule, yet nobody reads a document of which no version is published.
NOT_PUBLISHED: Final = "document-not-published"
_KNOWN_MODEL: Final = "An admin runs a model whose origin is known and allowed, or the owner allows it."
#: Rule that stands in the way → who would have to change what.
REMEDIES: Final = {
    NO_GRANT: "The owner gives a grant for {purpose}; there is no live one.",
    NOT_PUBLISHED: "Its steward publishes it: it is {state}, and no version of it is published.",
    "query.purpose-not-offered": "The owner offers the dataset for {purpose} (tag purposes).",
    "query.clearance-too-low": "The person's organisation attests a clearance of {classification} at the issuer.",
    "query.person-outside-access-from": "The person asks from {access_from}, or the owner adds {place} to access_from.",
    "query.session-outside-access-from": (
        "The person comes in through a network zone in {access_from} (`hub place list`), or the owner adds its place."
    ),
    "keep.person-outside-access-from": "They act from {access_from}, or the operator adds {place} to access_from.",
    "keep.session-outside-access-from": (
        "They come in through a network zone in {access_from}, or the operator adds its place to access_from."
    ),
    "query.site-outside-process-in": "The question is asked at a site in {process_in}, or the owner adds this place.",
    "query.endpoint-outside-process-in": "An admin runs a model endpoint in {process_in}, or the owner adds its place.",
    "query.model-of-forbidden-origin": _KNOWN_MODEL,
    "query.store-outside-store-in": "An admin moves the store to {store_in}, or the owner adds its place.",
    "query.database-outside-store-in": "An admin moves the database to {store_in}, or the owner adds its place.",
    "query.agent-for-another-purpose": "The person gives an agent leave for {purpose}.",
    "ingest.store-outside-store-in": "An admin keeps originals in {store_in}, or the owner adds the store's place.",
    "ingest.database-outside-store-in": "An admin keeps the database in {store_in}, or the owner adds its place.",
    "ingest.worker-outside-process-in": "An admin runs the worker in {process_in}, or the owner adds its place.",
    "ingest.endpoint-outside-process-in": "An admin runs an endpoint in {process_in}, or the owner adds its place.",
    "ingest.model-of-forbidden-origin": _KNOWN_MODEL,
    "any.forbidden-legal-control": "An admin takes an operator that no law of {forbidden} can compel.",
    "any.host-not-sealed": "An admin runs the hub on a host that holds the seal (`hub doctor` says what is missing).",
    "error": "An admin looks at the rules (`hub policy check`): one could not be evaluated.",
}


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What would be decided, by which rules and why, and the facts, each as the registers hold it.

    `remedies` say, for each rule that stands in the way, who would have to change what.
    """

    ruling: Ruling
    facts: Mapping[str, str]
    remedies: Mapping[str, str] = field(default_factory=dict)

    @property
    def permitted(self) -> bool:
        """Whether it comes: the law permits it, and nothing else stands in the way."""
        return self.ruling.permitted and not self.remedies


@dataclass(frozen=True, kw_only=True)
class _Document:
    """The document an explanation is about."""

    id: DocumentId
    name: str
    state: VersionState
    own: DocumentTags

    @property
    def facts(self) -> dict[str, str]:
        tags = self.own.declared().items()
        said = {f"document.{tag}": ", ".join(told) if isinstance(told, list) else str(told) for tag, told in tags}
        return {"document": self.name, "document.state": self.state, **said}


def explain(  # noqa: PLR0913  # a question is these facts
    session: Session,
    here: Surroundings,
    *,
    slug: str,
    action: Action,
    person: Person | None,
    purpose: Purpose,
    document: DocumentId | None = None,
    trail: Session | None = None,
) -> Explanation:
    """Explain what `person` may of the dataset `slug` for `purpose`, or what this site may when taking documents in.

    With a `document`: what they may of that one, whose own tags may be stricter. The person's place and
    clearance are the register's; a token may say otherwise. `trail` writes it down where the reader's role can't.
    Raises NotFoundError.
    """
    query = select(datasets).where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None))
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"There is no dataset '{slug}', or it is withdrawn. `hub dataset list` shows them.")
    one = None if document is None else _document(session, row, document)
    own = one.own if one else NONE
    held = _grant(session, row, person, purpose) if person else None
    subject = None
    if person:
        subject = Subject(person_id=person.id, jurisdiction=person.jurisdiction, clearance=person.clearance)
    ruling = ruling_on(row, here, action, subject=subject, purpose=purpose, granted=held is not None, own=own)
    detail = {"action": action, "purpose": purpose, "permitted": ruling.permitted, "rules": ruling.rules}
    detail |= {"document": str(one.id)} if one else {}
    asked = AuditEvent(
        type=EventType.POLICY_EXPLAINED,
        object=f"person:{person.id}" if person else "worker",
        dataset_ids=[row["id"]],
        detail=detail,
    )
    record(trail or session, asked)
    facts = (one.facts if one else {}) | _facts(row, here) | (_of_person(person, purpose, held) if person else {})
    tags = {**row, **effective(dict(row), own, here.groups)}
    in_the_way = _in_the_way(tags, here, ruling, subject, purpose, granted=held is not None)
    if one and person and one.state != VersionState.PUBLISHED:  # to be taken in, it need not be
        in_the_way.append(NOT_PUBLISHED)
    said = {"state": one.state if one else "", "purpose": purpose, "place": person.jurisdiction if person else ""}
    words = said | _words(tags)
    return Explanation(
        ruling=ruling, facts=facts, remedies={rule: REMEDIES[rule].format_map(words) for rule in in_the_way}
    )


def _words(tags: Mapping[str, Any]) -> dict[str, str]:
    """Return tags as remedies say them."""
    places = {tag: " or ".join(tags[tag]) for tag in ("store_in", "process_in", "access_from")}
    forbidden = " or ".join(tags["forbidden_legal_control"])
    return {"classification": tags["classification"], "forbidden": forbidden, **places}


def _in_the_way(  # noqa: PLR0913  # the facts of the ruling it goes on from
    tags: Mapping[str, Any],
    here: Surroundings,
    ruling: Ruling,
    subject: Subject | None,
    purpose: Purpose,
    *,
    granted: bool,
) -> list[str]:
    """Return every rule that would have to give way: a missing grant too, which a rule that forbids outweighs."""
    if ruling.permitted:
        return []
    if subject is None or granted:
        return list(ruling.rules)
    _, (if_granted,) = alike_rulings(tags, here, [(subject, purpose)])
    return [NO_GRANT, *(() if if_granted.permitted else if_granted.rules)]


def _document(session: Session, row: RowMapping, document: DocumentId) -> _Document:
    """Return the document, in the state of its published version, else of its newest."""
    versions = document_versions.c
    query = (
        select(documents.c.name, versions.state, *OWN_COLUMNS)
        .join(document_versions, versions.document_id == documents.c.id)
        .outerjoin(document_laws, document_laws.c.id == documents.c.law_id)
        .where(documents.c.dataset_id == row["id"], documents.c.id == document)
        .order_by((versions.state == VersionState.PUBLISHED).desc(), versions.ordinal.desc())
    )
    found = session.execute(query.limit(1)).mappings().one_or_none()
    if found is None:
        raise NotFoundError(f"The dataset '{row['slug']}' has no such document. `hub document list` shows them.")
    return _Document(id=document, name=found["name"], state=VersionState(found["state"]), own=own_of(found))


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
    zones = "; ".join(f"{zone.name} in {zone.jurisdiction}" for zone in here.known_zones)
    return facts | {"zones": zones or "none", "host": "sealed" if here.sealed else "not sealed"}


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
