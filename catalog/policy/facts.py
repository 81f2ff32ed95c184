"""Gathers the facts of a decision from the tables, has it made, records it, and hands back a `Scope`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, RowMapping, Uuid, and_, func, select, text
from sqlalchemy.orm import Session

from catalog import decisions, document_tags, violations
from catalog.breach import Breach
from catalog.cards import visible
from catalog.datasets import TAGS
from catalog.document_laws import OWN_COLUMNS, own_of
from catalog.document_tags import DocumentTags
from catalog.grants import live
from catalog.places import Place, find
from catalog.policy.decide import decide, decide_door, rulebook
from catalog.policy.model import Law, Request, Ruling, Scope, Subject, Surroundings
from catalog.residency import both, expand
from catalog.settings import SiteSettings
from catalog.tables import datasets, document_laws, grants
from catalog.vocabulary import Action, Classification, DatasetId, PersonId, PlaceKind, Purpose

#: The tags that say where something may lie.
LYING: Final = frozenset({"store_in", "forbidden_legal_control"})


def surroundings(session: Session, site: SiteSettings, *, sealed: bool, zone: str = "") -> Surroundings:
    """Look this site's parts up among the registered places; raises NotFoundError for an unregistered one.

    `zone` is where whoever asks comes in; one that isn't registered lets nobody ask anything.
    """
    names = {
        "site": site.site,
        "store": site.store_place,
        "database": site.database_place,
        "worker": site.worker_place,
        "endpoint": site.endpoint_place,
    }
    found, zones, groups = find(session, [*names.values(), *site.more_endpoints])
    return Surroundings(
        **{part: found[name] for part, name in names.items()},
        sealed=sealed,
        groups=groups,
        more_endpoints=tuple(found[name] for name in site.more_endpoints),
        zone=zone,
        zones=tuple(one for one in zones if one.name == zone),
        known_zones=zones,
    )


@dataclass(kw_only=True)
class _Governed:
    """What stands under one law signature: datasets, and laws of documents stricter than theirs."""

    datasets: list[DatasetId] = field(default_factory=list)
    law_ids: list[UUID] = field(default_factory=list)
    document_laws: list[UUID] = field(default_factory=list)
    stricter_in: list[DatasetId] = field(default_factory=list)

    @property
    def ids(self) -> Sequence[UUID]:
        """What a ruling is kept by."""
        return [*self.datasets, *self.document_laws]


def scope_for(session: Session, *, subject: Subject, purpose: Purpose, here: Surroundings) -> Scope:
    """Decide which datasets `subject` may query for `purpose`, and record the decision as a row.

    Datasets fall into few law signatures; each is decided once (performance fact 11).
    """
    titles: dict[DatasetId, str] = {}
    by_law: dict[Law, _Governed] = defaultdict(_Governed)
    for row in _visible_by_tags(session, purpose):
        under = by_law[_law(row, here, granted=row["granted"])]
        under.datasets += row["ids"]
        under.law_ids += row["law_ids"]
        titles |= zip(row["ids"], row["titles"], strict=True)
    for row in _stricter(session, purpose):
        under = by_law[_law(row, here, granted=True, own=own_of(row))]
        under.document_laws.append(row["document_law_id"])
        under.stricter_in.append(row["id"])
    rulings = decide(
        [Request(action=Action.QUERY, law=law, surroundings=here, subject=subject, purpose=purpose) for law in by_law]
    )
    ruled = list(zip(by_law.values(), rulings, strict=True))
    allowed = {one: ruling for under, ruling in ruled if ruling.permitted for one in under.ids}
    permitted = sorted((dataset for dataset in titles if dataset in allowed), key=attrgetter("int"))
    made = decisions.record(
        session,
        decisions.NewDecision(
            subject_id=subject.person_id,
            action=Action.QUERY,
            purpose=purpose,
            site=here.site.name,
            zone=here.zone,
            policy_version=rulebook().version,
            dataset_ids=permitted,
            rulings=[(under.datasets, ruling) for under, ruling in ruled if under.datasets],
            law_ids=[law for under, ruling in ruled if ruling.permitted for law in under.law_ids + under.document_laws],
            stricter=[(under.document_laws, ruling) for under, ruling in ruled if under.document_laws],
        ),
    )
    refused = ((under.datasets + under.stricter_in, ruling.breaches) for under, ruling in ruled)
    violations.record(session, refused, made)
    return Scope(
        decision_id=made,
        subject=subject,
        purpose=purpose,
        dataset_ids=tuple(permitted),
        titles={dataset: titles[dataset] for dataset in permitted},
        groups=here.groups,
        rulings=allowed,
        refused_at=frozenset(breach.door for _, ruling in ruled for breach in ruling.breaches),
        refused_for=frozenset(breach.rule for _, ruling in ruled for breach in ruling.breaches),
        zone_known=bool(here.zones),
    )


def ingest_ruling(
    session: Session, dataset_id: DatasetId, here: Surroundings, own: DocumentTags = document_tags.NONE
) -> Ruling:
    """Decide whether this site may take documents in, with these tags of their own, and which endpoints may embed them.

    A withdrawn or absent dataset is denied.
    """
    row = (
        session.execute(select(datasets).where(datasets.c.id == dataset_id, datasets.c.withdrawn_at.is_(None)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        return Ruling(permitted=False, rules=("dataset.absent",), reasons=("The dataset is withdrawn or absent.",))
    law = _law(row, here, granted=False, own=own)
    return decide([Request(action=Action.INGEST, law=law, surroundings=here)])[0]


def keep_ruling(
    row: RowMapping, here: Surroundings, subject: Subject, *, own: DocumentTags = document_tags.NONE
) -> Ruling:
    """Decide whether whoever keeps a dataset reaches what is kept of it, or of a document with tags of its own.

    Whose a dataset is, row security says: what it shows is theirs to keep.
    """
    law = _law(row, here, granted=True, own=own)
    return decide([Request(action=Action.KEEP, law=law, surroundings=here, subject=subject)])[0]


def ruling_on(  # noqa: PLR0913  # a question is these facts
    row: RowMapping,
    here: Surroundings,
    action: Action,
    *,
    subject: Subject | None,
    purpose: Purpose,
    granted: bool,
    own: DocumentTags = document_tags.NONE,
) -> Ruling:
    """Rule on one dataset as it is registered, or a document of it, for an explanation: nothing is opened by it."""
    law, there = _law(row, here, granted=granted, own=own), here.from_any_zone
    return decide([Request(action=action, law=law, surroundings=there, subject=subject, purpose=purpose)])[0]


def where_rulings(
    session: Session, here: Surroundings, jurisdictions: Sequence[str]
) -> dict[DatasetId, tuple[Ruling, dict[str, Ruling]]]:
    """Rule, for each dataset, on taking documents in here, and on a fully cleared grantee asking from each place.

    For the residency board: nothing is opened by it, so it makes no decision row.
    """
    rows, here = _all_registered(session), here.from_any_zone
    asked = [Request(action=Action.INGEST, law=_law(row, here, granted=False), surroundings=here) for row in rows]
    for row in rows:
        law, purpose = _law(row, here, granted=True), Purpose(min(row["purposes"]))
        for code in jurisdictions:
            someone = Subject(person_id=PersonId(row["id"]), jurisdiction=code, clearance=Classification.SECRET)
            asked.append(
                Request(action=Action.QUERY, law=law, surroundings=here, subject=someone, purpose=purpose)
            )  # fmt: skip
    rulings = decide(asked)
    found = {}
    for number, row in enumerate(rows):
        start = len(rows) + number * len(jurisdictions)
        by_place = dict(zip(jurisdictions, rulings[start : start + len(jurisdictions)], strict=True))
        found[DatasetId(row["id"])] = (rulings[number], by_place)
    return found


def endpoint_rules(session: Session, here: Surroundings) -> dict[DatasetId, dict[str, frozenset[str]]]:
    """Return, for each dataset, the rules that forbid taking in or asking at each endpoint as if there were no other.

    For the board too.
    """
    rows, here = _all_registered(session), here.from_any_zone
    found: dict[DatasetId, dict[str, frozenset[str]]] = {row["id"]: {} for row in rows}
    for place in here.endpoints:
        there = here.at(place)
        asked = [Request(action=Action.INGEST, law=_law(row, here, granted=False), surroundings=there) for row in rows]
        for row in rows:
            law, purpose = _law(row, here, granted=True), Purpose(min(row["purposes"]))
            someone = Subject(
                person_id=PersonId(row["id"]),
                jurisdiction=here.site.jurisdiction,
                clearance=Classification.SECRET,
            )
            asked.append(
                Request(action=Action.QUERY, law=law, surroundings=there, subject=someone, purpose=purpose)
            )  # fmt: skip
        rulings = decide(asked)
        for row, *ruled in zip(rows, rulings[: len(rows)], rulings[len(rows) :], strict=True):
            found[row["id"]][place.name] = frozenset(rule for one in ruled if not one.permitted for rule in one.rules)
    return found


def stored_rulings(session: Session, here: Surroundings) -> list[tuple[RowMapping, Ruling]]:
    """Rule anew on whatever documents are kept here, one ruling for those of a dataset with equal tags.

    For the list of what is out of place: nothing is opened by it, so it makes no decision row.
    """
    kept = text("SELECT * FROM hub.stored_laws()").columns(dataset_id=Uuid, law_id=Uuid, documents=BigInteger)
    stored = kept.subquery("stored")
    query = (
        select(datasets, *OWN_COLUMNS, stored.c.law_id.label("document_law_id"), stored.c.documents)
        .join(stored, stored.c.dataset_id == datasets.c.id)
        .outerjoin(document_laws, document_laws.c.id == stored.c.law_id)
        .order_by(datasets.c.slug, stored.c.law_id)
    )
    rows = session.execute(query).mappings().all()
    laws = [_law(row, here, granted=False, own=own_of(row)) for row in rows]
    rulings = decide([Request(action=Action.INGEST, law=law, surroundings=here) for law in laws])
    return list(zip(rows, rulings, strict=True))


def alike_rulings(
    tags: Mapping[str, Any], here: Surroundings, grantees: Sequence[tuple[Subject, Purpose]]
) -> tuple[Ruling, list[Ruling]]:
    """Rule, under tags that need not be registered, on taking documents in here, and on each grantee's asking.

    For a preview: nothing is opened by it, so it makes no decision row.
    """
    held, here = _law(tags, here, granted=True), here.from_any_zone
    asked = [Request(action=Action.INGEST, law=replace(held, granted=False), surroundings=here)]
    for subject, purpose in grantees:
        asked.append(Request(action=Action.QUERY, law=held, surroundings=here, subject=subject, purpose=purpose))
    ingest, *queries = decide(asked)
    return ingest, queries


def lying_breaches(tags: Mapping[str, Any], here: Surroundings, place: Place) -> tuple[Breach, ...]:
    """Return what forbids that something under these tags lies at `place`: what would be refused if it came there now.

    What may be done with it there, and by whom, is another question.
    """
    part = "store" if place.kind is PlaceKind.STORE else "database"
    ingest, _ = alike_rulings(tags, replace(here, **{part: place}), [])  # type: ignore[arg-type]
    return tuple(
        breach
        for breach in ingest.breaches
        if breach.tag in LYING and (breach.place == place.name or breach.tag != "store_in")
    )


def _all_registered(session: Session) -> Sequence[RowMapping]:
    return session.execute(select(datasets).where(datasets.c.withdrawn_at.is_(None))).mappings().all()


def door_ruling(action: Action, roles: frozenset[str]) -> Ruling:
    """Decide whether someone with these roles may come to do this at all."""
    return decide_door(action, roles)


def reason(rule: str) -> str:
    """Return the sentence of a rule of today's law; empty for one it no longer has."""
    return rulebook().reasons.get(rule, "")


def law_version() -> str:
    """Return the version of the law that decides here, as each decision row keeps it."""
    return rulebook().version


def _visible_by_tags(session: Session, purpose: Purpose) -> Sequence[RowMapping]:
    """Every dataset row security shows this person, with whether a live grant for the purpose covers it.

    One row for those with equal tags: thousands of datasets are a few hundred laws.
    """
    granted = _granted(purpose).label("granted")
    seen = select(datasets, granted).where(datasets.c.id == visible()).subquery().c
    same = [seen[tag] for tag in (*TAGS, "granted")]
    lists = [func.array_agg(seen[name]).label(f"{name}s") for name in ("id", "title", "law_id")]
    return session.execute(select(*same, *lists).group_by(*same)).mappings().all()


def _stricter(session: Session, purpose: Purpose) -> Sequence[RowMapping]:
    """Every law of documents stricter than their dataset, with the dataset's tags, where a live grant covers it.

    Documents with equal tags share a law, so these are few, too; one without a grant could never be permitted.
    """
    query = (
        select(datasets, *OWN_COLUMNS, document_laws.c.id.label("document_law_id"))
        .join(document_laws, document_laws.c.dataset_id == datasets.c.id)
        .where(datasets.c.withdrawn_at.is_(None), _granted(purpose))
    )
    return session.execute(query).mappings().all()


def _granted(purpose: Purpose) -> ColumnElement[bool]:
    held = and_(grants.c.dataset_id == datasets.c.id, grants.c.purpose == purpose, live())
    return select(grants.c.id).where(held).exists()


def _law(
    row: RowMapping | Mapping[str, Any], here: Surroundings, *, granted: bool, own: DocumentTags = document_tags.NONE
) -> Law:  # fmt: skip
    """Return the law of a dataset, or of a document of it: of each tag the stricter holds."""
    level, origins = Classification(row["classification"]), row["forbidden_model_origins"]
    residencies = {tag: expand(row[tag], here.groups) for tag in document_tags.RESIDENCIES}
    for tag in document_tags.RESIDENCIES:
        if (codes := getattr(own, tag)) is not None:
            residencies[tag] = both(residencies[tag], expand(codes, here.groups))
    return Law(
        classification=max(level, own.classification or level, key=lambda one: one.level),
        granted=granted,
        purposes=frozenset(row["purposes"]),
        **residencies,
        forbidden_legal_control=frozenset(row["forbidden_legal_control"]) | set(own.forbidden_legal_control or ()),
        forbidden_model_origins=expand(origins, here.groups).union(origins),
    )
