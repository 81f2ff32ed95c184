"""Where each dataset is stored, processed and accessed from, and whether its tags allow it: the residency board."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, distinct, func, select, text
from sqlalchemy.orm import Session

from catalog import out_of_place
from catalog.places import Place
from catalog.policy.facts import endpoint_rules, where_rulings
from catalog.policy.model import Ruling, Surroundings
from catalog.tables import datasets, people
from catalog.vocabulary import Classification, DatasetId

#: A part of the site → the rules that can forbid it, besides those about the whole site.
STORED: Final = {
    "store": frozenset({"ingest.store-outside-store-in"}),
    "database": frozenset({"ingest.database-outside-store-in"}),
}
PROCESSED: Final = {
    "site": frozenset({"query.site-outside-process-in"}),
    "worker": frozenset({"ingest.worker-outside-process-in"}),
}
ENDPOINT: Final = frozenset(
    {
        "ingest.endpoint-outside-process-in",
        "ingest.model-of-forbidden-origin",
        "query.model-of-forbidden-origin",
    }
)
ACCESSED: Final = frozenset({"query.person-outside-access-from", "query.session-outside-access-from"})
WHOLE_SITE: Final = "any."
RESIDENCIES: Final = ("store_in", "process_in", "access_from", "forbidden_legal_control", "forbidden_model_origins")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One place of one dataset; `rules` name what forbids it."""

    place: Place
    allowed: bool
    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """One place people ask from; `refused` counts since the board's date."""

    jurisdiction: str
    people: int
    allowed: bool
    rules: tuple[str, ...]
    refused: int


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """One dataset on the board."""

    id: DatasetId
    slug: str
    title: str
    classification: Classification
    store_in: tuple[str, ...]
    process_in: tuple[str, ...]
    access_from: tuple[str, ...]
    forbidden_legal_control: tuple[str, ...]
    forbidden_model_origins: tuple[str, ...]
    stored: tuple[Cell, ...]
    processed: tuple[Cell, ...]
    accessed: tuple[Origin, ...]
    #: Documents that are kept here and may not be any more.
    out_of_place: int


def board(session: Session, here: Surroundings, *, since: datetime, until: datetime | None = None) -> list[BoardRow]:
    """Return each dataset with its places and origins, by name; refusals are counted from `since` until `until`."""
    origins = _people_by_place(session)
    rulings = where_rulings(session, here, sorted(origins))
    at = endpoint_rules(session, here) if here.more_endpoints else {}
    refused = _refused(session, since, until)
    misplaced = out_of_place.counts(session, here)
    rows = session.execute(select(datasets).where(datasets.c.withdrawn_at.is_(None)).order_by(datasets.c.slug))
    return [
        _row(row, here, rulings[row["id"]], at.get(row["id"], {}), origins, refused[row["id"]], misplaced[row["id"]])
        for row in rows.mappings()
    ]


def start_of_month(session: Session) -> datetime:
    """Return when this month began, by the database's clock, in UTC."""
    found: datetime | None = session.scalar(select(func.date_trunc("month", func.hub.hub_now(), "UTC")))
    assert found is not None  # noqa: S101  # the clock always answers
    return found


def _row(  # noqa: PLR0913, PLR0917  # a row is made of these figures
    row: RowMapping,
    here: Surroundings,
    rulings: tuple[Ruling, Mapping[str, Ruling]],
    at: Mapping[str, frozenset[str]],
    origins: Mapping[str, int],
    refused: Mapping[str, int],
    misplaced: int,
) -> BoardRow:
    ingest, by_place = rulings
    forbidding = {*_forbids(ingest), *(rule for ruling in by_place.values() for rule in _forbids(ruling))}
    declared: dict[str, Any] = {name: row[name] for name in ("id", "slug", "title")}
    declared |= {name: tuple(row[name]) for name in RESIDENCIES}
    accessed = [
        _origin(code, count, by_place[code], refused.get(code, 0)) for code, count in sorted(origins.items())
    ]  # fmt: skip
    return BoardRow(
        **declared,
        classification=Classification(row["classification"]),
        stored=tuple(_cell(getattr(here, part), rule, forbidding) for part, rule in STORED.items()),
        processed=(
            *(_cell(getattr(here, part), rule, forbidding) for part, rule in PROCESSED.items()),
            *(_cell(place, ENDPOINT, at[place.name] if at else forbidding) for place in here.endpoints),
        ),
        accessed=tuple(accessed),
        out_of_place=misplaced,
    )


def _cell(place: Place, own: Collection[str], forbidding: Collection[str]) -> Cell:
    rules = tuple(sorted(rule for rule in forbidding if rule in own or rule.startswith(WHOLE_SITE)))
    return Cell(place=place, allowed=not rules, rules=rules)


def _origin(code: str, count: int, ruling: Ruling, refused: int) -> Origin:
    rules = tuple(rule for rule in _forbids(ruling) if rule in ACCESSED or rule.startswith(WHOLE_SITE))
    return Origin(jurisdiction=code, people=count, allowed=not rules, rules=rules, refused=refused)


def _forbids(ruling: Ruling) -> tuple[str, ...]:
    return () if ruling.permitted else ruling.rules


def _people_by_place(session: Session) -> dict[str, int]:
    query = select(people.c.jurisdiction, func.count(distinct(people.c.id))).group_by(people.c.jurisdiction)
    return {code: count for code, count in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy


def _refused(session: Session, since: datetime, until: datetime | None) -> Mapping[DatasetId, Mapping[str, int]]:
    """Count decisions that refused a dataset: by a rule against it, or because the person held nothing at all.

    One asked for a purpose the dataset isn't offered for was not asked of it.
    """
    rows = session.execute(
        text("""
            SELECT named.dataset::uuid AS dataset, p.jurisdiction, count(DISTINCT d.id) AS times
              FROM hub.decisions d
              JOIN hub.people p ON p.id = d.subject_id
              CROSS JOIN LATERAL jsonb_array_elements(d.rulings) ruling
              CROSS JOIN LATERAL jsonb_array_elements_text(ruling -> 'datasets') named (dataset)
             WHERE d.made_at >= :since AND d.made_at < coalesce(CAST(:until AS timestamptz), 'infinity')
               AND NOT (ruling ->> 'permitted')::boolean
               AND NOT ruling -> 'rules' ? 'query.purpose-not-offered'
               AND (cardinality(d.dataset_ids) = 0 OR ruling -> 'rules' <> '["default-deny"]')
             GROUP BY 1, 2"""),
        {"since": since, "until": until},
    )
    found: dict[DatasetId, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[DatasetId(row.dataset)][row.jurisdiction] = row.times
    return found
