"""The owner's ceiling: how much of a dataset can ever be read, in figures, and how its owner changes it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from catalog.errors import ConflictError, InvalidError, NotFoundError
from catalog.tables import datasets, lineages, organisation_budgets
from catalog.vocabulary import DatasetId

#: Shares are kept with so many digits.
_STEP: Final = Decimal("0.0001")


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What can be read of a dataset as it is now, in characters: the bound, not the defaults it is made from."""

    dataset_id: DatasetId
    characters: int
    window_s: int
    account_in_a_window: int
    account_ever: int
    organisation_ever: int  # the largest share allotted
    together_ever: int
    ceiling_share: Decimal
    full_share: Decimal | None
    together_read: int
    copied: int  # stood in another dataset before, and is charged there too
    copied_closed: int  # of these, those whose first dataset's ceiling is reached: nobody reads them here either


def reach(session: Session, slug: str) -> Reach:
    """Return the real figures of a dataset; NotFoundError."""
    row = session.execute(
        select(datasets, lineages.c.characters, lineages.c.ceiling_share, lineages.c.full_share)
        .join(lineages, lineages.c.id == datasets.c.lineage_id)
        .where(datasets.c.slug == slug, datasets.c.withdrawn_at.is_(None))
    ).mappings().one_or_none()  # fmt: skip
    if row is None:
        raise NotFoundError
    budget = organisation_budgets.c
    share, used = session.execute(
        select(func.max(budget.share), func.coalesce(func.sum(budget.used), 0)).where(
            budget.lineage_id == row["lineage_id"]
        )
    ).one()
    copied, closed = session.execute(
        text("SELECT e.copied, e.closed FROM hub.copied_elsewhere(:dataset) e"), {"dataset": row["id"]}
    ).one()
    size, ceiling = int(row["characters"]), max(row["ceiling_share"], row["full_share"] or Decimal(0))
    together = int(ceiling * size)
    organisation = min(together, int((share or ceiling) * size))
    ever = min(organisation, together if row["full_share"] else int(row["lifetime_characters"]))
    return Reach(
        dataset_id=DatasetId(row["id"]),
        characters=size,
        window_s=row["window_s"],
        account_in_a_window=min(ever, together if row["full_share"] else int(row["window_characters"])),
        account_ever=ever,
        organisation_ever=organisation,
        together_ever=together,
        ceiling_share=row["ceiling_share"],
        full_share=row["full_share"],
        together_read=int(used),
        copied=int(copied),
        copied_closed=int(closed),
    )


def set_ceiling(session: Session, slug: str, share: Decimal, *, full: bool = False, confirmed: int | None) -> Reach:
    """Set a ceiling; what makes more readable needs the new figure, in characters, from the owner's own hand.

    Raises NotFoundError, InvalidError for a share that is none, ConflictError with the figure while it is unconfirmed.
    """
    before = reach(session, slug)
    least = before.ceiling_share if full else _STEP
    if not share.is_finite() or not least <= share <= 1:
        raise InvalidError(f"A share lies between {least:f} and 1: 0.5 is half of the dataset.")
    share = share.quantize(_STEP)
    figure = int(share * before.characters)
    had = (before.full_share or Decimal(0)) if full else before.ceiling_share
    if share > had and confirmed != figure:
        raise ConflictError(
            f"With {share:.2%}, {figure:,} of {before.characters:,} characters can be read for good; until now "
            f"{int(had * before.characters):,}. If that is meant, confirm the figure {figure}."
        )
    set_to = text("SELECT hub.set_ceiling(:dataset, :share, :full, :confirmed)")
    values: dict[str, object] = {
        "dataset": before.dataset_id, "share": share, "full": full, "confirmed": confirmed,
    }  # fmt: skip
    session.execute(set_to, values)
    return reach(session, slug)
