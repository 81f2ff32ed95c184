"""Where a crawl takes place: datasets of made-up records in a throw-away hub, and people who may read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from catalog import audit, clock
from catalog.datasets import Budget
from catalog.embedding import Embeddings
from catalog.policy.model import Subject
from catalog.vocabulary import DatasetId, EventType
from hub.evaluation.bench import ground
from hub.evaluation.bench.echo import CountedWords
from hub.evaluation.corpus import BUDGET
from hub.evaluation.crawl.attack import Limits
from hub.evaluation.crawl.corpus import LENGTH, Record
from hub.local import operator_session

Embed = Callable[[Sequence[str]], Embeddings]
_DAYS: Final = 400
_MOST_EVENTS: Final = 100_000
PER_DOCUMENT: Final = 100
_SHARE: Final = Decimal("0.25")
#: A day and a moment: the window is over.
DAY: Final = timedelta(days=1, seconds=1)


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One dataset of an attack's own: what lies in it and what bounds it, None without a defence."""

    dataset_id: DatasetId
    limits: Limits | None
    share: Decimal
    for_everyone: bool = False


def counted(texts: Sequence[str]) -> Embeddings:
    """Embed as the echo beside the hub does."""
    return Embeddings(vectors=CountedWords().embed(texts), model=ground.SYNTHETIC)


def plot(
    slug: str, records: Sequence[Record], *, budget: Budget, organisations: int | None = None, embed: Embed = counted
) -> Plot:
    """Register and fill a dataset with budgets; the ceiling is shared by so many organisations, or by quarters."""
    size = len(records) * LENGTH
    dataset_id = ground.dataset(slug, "crawl-owner", budget)
    fill(dataset_id, records, embed=embed)
    share = budget.ceiling_share / organisations if organisations else min(_SHARE, budget.ceiling_share)
    limits = Limits(
        window=budget.window_characters,
        lifetime=budget.lifetime_characters,
        organisation=int(share * size),
        together=int(budget.ceiling_share * size),
    )
    return Plot(dataset_id=dataset_id, limits=limits, share=share)


def unbounded(slug: str, records: Sequence[Record]) -> Plot:
    """Return a dataset that everyone may read, without a bound that anyone could meet."""
    made = plot(slug, records, budget=BUDGET, organisations=1)
    ground.grant_everyone(made.dataset_id, days=_DAYS)
    return replace(made, limits=None, for_everyone=True)


def attacked(slug: str, records: Sequence[Record], *, defended: bool, embed: Embed = counted) -> Plot:
    """Return a dataset to be attacked; `defended`: an account reads 2 % a day and a tenth ever, all together half."""
    if not defended:
        return replace(plot(slug, records, budget=BUDGET, organisations=1, embed=embed), limits=None)
    size = len(records) * LENGTH
    window, lifetime = size // 50 // LENGTH * LENGTH, size // 10 // LENGTH * LENGTH
    budget = Budget(window_characters=window, lifetime_characters=lifetime, ceiling_share=Decimal("0.5"))
    return plot(slug, records, budget=budget, embed=embed)


def fill(dataset_id: DatasetId, records: Sequence[Record], more: str = "", *, embed: Embed = counted) -> None:
    """Publish the records; with other words after them, those of one name become a new version."""
    bodies = [record.body for record in records]
    embedded = embed(bodies)
    made = [ground.Made(body=body, embedding=vector) for body, vector in zip(bodies, embedded.vectors, strict=True)]
    with ground.workers_database() as database:
        for at in range(0, len(made), PER_DOCUMENT):
            some = made[at : at + PER_DOCUMENT]
            ground.publish(database, dataset_id, f"{at:05d}.txt", some, more, model=embedded.model)


def person(plot: Plot, slug: str, organisation: str) -> Subject:
    """Register someone who may read the plot."""
    ground.organisation(organisation)
    subject = ground.person(slug, organisation)
    if not plot.for_everyone:
        ground.grant(plot.dataset_id, subject, plot.share, days=_DAYS)
    return subject


def renew(plot: Plot, subject: Subject) -> None:
    """Give them one more grant."""
    ground.grant(plot.dataset_id, subject, plot.share, days=_DAYS)


def charged(dataset_id: DatasetId) -> int:
    """Return the characters the trail says were charged for passages of a dataset."""
    with operator_session() as session:
        told = audit.newest(session, limit=_MOST_EVENTS, types=[EventType.PASSAGES_DISCLOSED], dataset_id=dataset_id)
    return sum(sum(event.detail["charged"]) for event in told)


def step(by: timedelta) -> None:
    """Let time go by on the hub's clock."""
    with operator_session() as session:
        clock.step(session, by)


def next_day() -> None:
    """Let a day go by."""
    step(DAY)
