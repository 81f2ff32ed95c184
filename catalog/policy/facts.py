"""Gathers the facts of a decision from the tables, has it made, records it, and hands back a `Scope`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import RowMapping, and_, func, select
from sqlalchemy.orm import Session

from catalog import decisions, violations
from catalog.breach import Breach
from catalog.datasets import TAGS
from catalog.grants import live
from catalog.places import Place, find
from catalog.policy.decide import decide, decide_door, rulebook
from catalog.policy.model import Law, Request, Ruling, Scope, Subject, Surroundings
from catalog.residency import expand
from catalog.settings import SiteSettings
from catalog.tables import datasets, grants
from catalog.vocabulary import Action, Classification, DatasetId, PersonId, PlaceKind, Purpose

#: The tags that say where something may lie.
LYING: Final = frozenset({"store_in", "forbidden_legal_control"})


def surroundings(session: Session, site: SiteSettings, *, sealed: bool) -> Surroundings:
    """Look this site's parts up among the registered places; raises NotFoundError for an unregistered one."""
    names = {
        "site": site.site,
        "store": site.store_place,
        "database": site.database_place,
        "worker": site.worker_place,
        "endpoint": site.endpoint_place,
    }
    found, groups = find(session, names.values())
    return Surroundings(**{part: found[name] for part, name in names.items()}, sealed=sealed, groups=groups)


def scope_for(session: Session, *, subject: Subject, purpose: Purpose, here: Surroundings) -> Scope:
    """Decide which datasets `subject` may query for `purpose`, and record the decision as a row.

    Datasets fall into few law signatures; each is decided once (performance fact 11).
    """
    titles: dict[DatasetId, str] = {}
    by_law: dict[Law, list[DatasetId]] = defaultdict(list)
    for row in _visible_by_tags(session, purpose):
        by_law[_law(row, here, granted=row["granted"])] += row["ids"]
        titles |= zip(row["ids"], row["titles"], strict=True)
    rulings = decide(
        [Request(action=Action.QUERY, law=law, surroundings=here, subject=subject, purpose=purpose) for law in by_law]
    )
    ruled = list(zip(by_law.values(), rulings, strict=True))
    permitted = sorted(dataset for ids, ruling in ruled if ruling.permitted for dataset in ids)
    made = decisions.record(
        session,
        decisions.NewDecision(
            subject_id=subject.person_id,
            action=Action.QUERY,
            purpose=purpose,
            site=here.site.name,
            policy_version=rulebook().version,
            dataset_ids=permitted,
            rulings=ruled,
        ),
    )
    violations.record(session, ((ids, ruling.breaches) for ids, ruling in ruled), made)
    return Scope(
        decision_id=made,
        subject=subject,
        purpose=purpose,
        dataset_ids=tuple(permitted),
        titles={dataset: titles[dataset] for dataset in permitted},
        groups=here.groups,
    )


def ingest_ruling(session: Session, dataset_id: DatasetId, here: Surroundings) -> Ruling:
    """Decide whether this site may take documents of the dataset in; a withdrawn or absent dataset is denied."""
    row = (
        session.execute(select(datasets).where(datasets.c.id == dataset_id, datasets.c.withdrawn_at.is_(None)))
        .mappings()
        .one_or_none()
    )
    if row is None:
        return Ruling(permitted=False, rules=("dataset.absent",), reasons=("The dataset is withdrawn or absent.",))
    return decide([Request(action=Action.INGEST, law=_law(row, here, granted=False), surroundings=here)])[0]


def ruling_on(  # noqa: PLR0913  # a question is these facts
    row: RowMapping,
    here: Surroundings,
    action: Action,
    *,
    subject: Subject | None,
    purpose: Purpose,
    granted: bool,
) -> Ruling:
    """Rule on one dataset as it is registered, for an explanation: nothing is opened by it."""
    law = _law(row, here, granted=granted)
    return decide([Request(action=action, law=law, surroundings=here, subject=subject, purpose=purpose)])[0]


def where_rulings(
    session: Session, here: Surroundings, jurisdictions: Sequence[str]
) -> dict[DatasetId, tuple[Ruling, dict[str, Ruling]]]:
    """Rule, for each dataset, on taking documents in here, and on a fully cleared grantee asking from each place.

    For the residency board: nothing is opened by it, so it makes no decision row.
    """
    rows = session.execute(select(datasets).where(datasets.c.withdrawn_at.is_(None))).mappings().all()
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


def alike_rulings(
    tags: Mapping[str, Any], here: Surroundings, grantees: Sequence[tuple[Subject, Purpose]]
) -> tuple[Ruling, list[Ruling]]:
    """Rule, under tags that need not be registered, on taking documents in here, and on each grantee's asking.

    For a preview: nothing is opened by it, so it makes no decision row.
    """
    held = _law(tags, here, granted=True)
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
    held = and_(grants.c.dataset_id == datasets.c.id, grants.c.purpose == purpose, live())
    granted = select(grants.c.id).where(held).exists().label("granted")
    seen = select(datasets, granted).where(datasets.c.withdrawn_at.is_(None)).subquery().c
    same = [seen[tag] for tag in (*TAGS, "granted")]
    query = select(*same, func.array_agg(seen.id).label("ids"), func.array_agg(seen.title).label("titles"))
    return session.execute(query.group_by(*same)).mappings().all()


def _law(row: RowMapping | Mapping[str, Any], here: Surroundings, *, granted: bool) -> Law:
    return Law(
        classification=Classification(row["classification"]),
        granted=granted,
        purposes=frozenset(row["purposes"]),
        store_in=expand(row["store_in"], here.groups),
        process_in=expand(row["process_in"], here.groups),
        access_from=expand(row["access_from"], here.groups),
        forbidden_legal_control=frozenset(row["forbidden_legal_control"]),
    )
