"""The residency scan: every object, row and file that may not lie where it lies, by the law of today.

What is made from documents stands under the strictest tags of its sources: it may lie where each of them may.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from catalog.breach import Breach
from catalog.labels import Label
from catalog.objects import ObjectStore
from catalog.places import Place
from catalog.policy.facts import lying_breaches
from catalog.policy.model import Surroundings
from catalog.sources import Sources, effective_tags, may_not_lie, stricter_tags
from catalog.tables import findings
from catalog.vocabulary import DatasetId, Door

#: Tables whose rows are made from documents; `scanned_rows()` walks each.
SCANNED: Final = frozenset({"text_revisions", "chunks", "lexeme_counts", "index_sizes", "text_traces", "turns"})
#: Every other table, and why nothing of it can be out of place.
EXEMPT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("clock", "index_models", "ended_sessions"), "of the hub itself"),
    **dict.fromkeys(("organisations", "people", "places", "group_members"), "a register"),
    **dict.fromkeys(("agents", "service_accounts", "served_models"), "a register"),
    **dict.fromkeys(("datasets", "document_laws"), "the card an owner declared, and the tags themselves"),
    **dict.fromkeys(("submissions", "documents", "document_versions"), "that it was handed in: names, sizes, hashes"),
    **dict.fromkeys(("grants", "step_ups"), "who may, until when, and people's own reasons"),
    **dict.fromkeys(("decisions", "disclosures", "violations", "findings", "metadata_reviews"), "ids and figures"),
    **dict.fromkeys(("alerts", "audit_events"), "ids, figures and people's own reasons"),
    **dict.fromkeys(("lineages", "person_budgets", "organisation_budgets", "lineage_budgets", "read_spans"), "figures"),
}  # fmt: skip
#: An object nobody answers for yet may be one that is just being handed in.
GRACE: Final = timedelta(hours=1)
OBJECT: Final = "object"
BACKUP: Final = "backup"
FILE: Final = "file"
#: What a whole scan looks at, and what one that reads labels only does.
KINDS: Final = (*sorted(SCANNED), OBJECT, BACKUP, FILE)
KINDS_BY_LABEL: Final = (*sorted(SCANNED), OBJECT, BACKUP)
UNLABELLED: Final = "default-deny"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that may not lie where it lies; `held` rows where it stands for many of one thing."""

    kind: str
    object: str
    dataset_ids: tuple[DatasetId, ...]
    place: str
    door: Door
    rule: str
    tag: str
    held: int = 1


@dataclass(frozen=True, kw_only=True)
class KeptFinding(Finding):
    """A finding as it stands in the table."""

    found_at: datetime
    seen_at: datetime


def scan(
    session: Session,
    here: Surroundings,
    *,
    store: ObjectStore,
    labels: Iterable[Label] = (),
    unlabelled: Iterable[str] = (),
) -> list[Finding]:
    """Walk store, tables and files, and return what may not lie there; nothing is moved or erased by it.

    Files lie where the database does. Raises DependencyError where the store can't be walked: a scan is whole.
    """
    now: datetime = session.execute(text("SELECT hub.hub_now()")).scalar_one()
    tags = effective_tags(session)
    own = stricter_tags(session, tags, here.groups)
    rows = may_not_lie(tags, here, here.database, own)
    return [
        *_objects(session, may_not_lie(tags, here, here.store, own), here.store, store, now - GRACE),
        *_rows(session, rows, here.database),
        *_files(labels, unlabelled, rows, tags, here),
    ]


def files(session: Session, here: Surroundings, labels: Iterable[Label], unlabelled: Iterable[str]) -> list[Finding]:
    """Return which of these files may not lie where the database does."""
    tags = effective_tags(session)
    sources = may_not_lie(tags, here, here.database, stricter_tags(session, tags, here.groups))
    return list(_files(labels, unlabelled, sources, tags, here))


def keep(session: Session, found: Collection[Finding], kinds: Iterable[str]) -> int:
    """Keep what a scan of these kinds found and write it down; return how many are new. What it misses is gone."""
    told = json.dumps([asdict(one) for one in found], default=str)
    new: int = session.execute(
        text("SELECT hub.keep_findings(CAST(:found AS jsonb), :kinds)"), {"found": told, "kinds": sorted(kinds)}
    ).scalar_one()
    return new


def current(session: Session) -> list[KeptFinding]:
    """Return what lay out of place when it was last looked for, the longest first."""
    columns = findings.c
    rows = session.execute(
        select(findings).where(columns.gone_at.is_(None)).order_by(columns.found_at, columns.kind, columns.object)
    ).mappings()
    names = KeptFinding.__dataclass_fields__
    return [
        KeptFinding(
            **{
                **{name: value for name, value in row.items() if name in names},
                "door": Door(row["door"]),
                "dataset_ids": tuple(row["dataset_ids"]),
            }
        )
        for row in rows
    ]


def _objects(
    session: Session, sources: Sources, place: Place, store: ObjectStore, before: datetime
) -> Iterator[Finding]:
    kept = {one.name: one.kept_at for one in store.every()}  # first: what is registered meanwhile is known below
    told = func.hub.scanned_objects().table_valued("sha256", "dataset_ids", "version_ids")
    known = {row.sha256: (row.dataset_ids, row.version_ids) for row in session.execute(select(told))}
    for name, kept_at in sorted(kept.items()):
        if name in known:
            breach = sources.forbids(*known[name])
            if breach:
                yield _finding(OBJECT, name, known[name][0], place, breach)
        elif kept_at < before:
            yield _unlabelled(OBJECT, name, place)


def _rows(session: Session, sources: Sources, place: Place) -> Iterator[Finding]:
    if not (sources.datasets or sources.versions):
        return
    columns = ("kind", "object", "dataset_ids", "version_ids", "held")
    told = func.hub.scanned_rows(list(sources.datasets), list(sources.versions)).table_valued(*columns)
    for row in session.execute(select(told).order_by("kind", "object")):
        breach = sources.forbids(row.dataset_ids, row.version_ids)
        if breach:
            yield replace(_finding(row.kind, row.object, row.dataset_ids, place, breach), held=row.held)


def _files(
    labels: Iterable[Label],
    unlabelled: Iterable[str],
    sources: Sources,
    tags: Mapping[DatasetId, Mapping[str, Any]],
    here: Surroundings,
) -> Iterator[Finding]:
    """Hold each file to the tags on its label, and to those its datasets and their documents have today."""
    slugs = {str(one["slug"]): key for key, one in tags.items()}
    for label in labels:
        named = [slugs[slug] for slug in label.datasets if slug in slugs]
        if len(named) < len(label.datasets):
            yield _unlabelled(BACKUP, label.file, here.database)
            continue
        breaches = lying_breaches(label.tags, here, here.database) if label.datasets else ()
        breach = sources.forbids_copy(named, label.made_at) or next(iter(breaches), None)
        if breach:
            yield _finding(BACKUP, label.file, named, here.database, breach)
    yield from (_unlabelled(FILE, name, here.database) for name in unlabelled)


def _finding(kind: str, name: str, datasets: Iterable[UUID], place: Place, breach: Breach) -> Finding:
    return Finding(
        kind=kind,
        object=name,
        dataset_ids=tuple(map(DatasetId, datasets)),
        place=place.name,
        door=breach.door,
        rule=breach.rule,
        tag=breach.tag,
    )


def _unlabelled(kind: str, name: str, place: Place) -> Finding:
    """Nobody says what it was made from, so nothing permits that it lies here."""
    return Finding(
        kind=kind, object=name, dataset_ids=(), place=place.name, door=Door.SITE, rule=UNLABELLED, tag="store_in"
    )  # fmt: skip
