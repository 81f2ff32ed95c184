"""The picture of a page: what it would disclose, and which original it is drawn from once that is charged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog.errors import AccessDeniedError, NoPageError, NotFoundError
from catalog.vocabulary import ChunkId, DecisionId, DisclosureId, Sha256

PDF: Final = "application/pdf"
#: Words to mark may be so long: a sentence, not a document.
MARK_MAX_CHARACTERS: Final = 2_000


@dataclass(frozen=True, kw_only=True)
class PageCost:
    """What showing a page of a passage would disclose; `cost` of its characters the person has not read."""

    page: int
    first_page: int  # of the passage
    last_page: int
    chunk_ids: tuple[ChunkId, ...]  # all that touch the page, in reading order
    cost: int
    characters_left: int
    refills_at: datetime | None  # when the budget holds the page again; None when waiting does not help

    @property
    def fits(self) -> bool:
        """True when the reading budget holds the whole page."""
        return self.cost <= self.characters_left


@dataclass(frozen=True, kw_only=True)
class DisclosedPage:
    """The original a disclosed page stands in."""

    sha256: Sha256
    size_bytes: int


def page_cost(session: Session, decision_id: DecisionId, chunk_id: ChunkId, page: int | None = None) -> PageCost:
    """Return what a page of a passage costs, its first one unless `page` names another; nothing is charged.

    Raises AccessDeniedError as `disclose` does, NotFoundError outside the decision's live scope or the passage's
    pages, NoPageError for a document that is no PDF.
    """
    row = _only(session, "SELECT * FROM hub.page_chunks(:decision, :chunk, :page)",
                {"decision": decision_id, "chunk": chunk_id, "page": page})  # fmt: skip
    if row is None:
        raise NotFoundError
    if row.pop("media_type") != PDF or not row["chunk_ids"]:
        raise NoPageError
    return PageCost(**{**row, "chunk_ids": tuple(row["chunk_ids"]), "characters_left": row["characters_left"] or 0})


def disclosed_page(session: Session, disclosure_id: DisclosureId, chunk_id: ChunkId, page: int) -> DisclosedPage:
    """Return the original of a page that was disclosed whole to the person this transaction speaks for.

    Raises AccessDeniedError unless it was: by a committed disclosure, under a decision at most 30 s old and live
    grants; NoPageError for a document that is no PDF.
    """
    row = _only(session, "SELECT * FROM hub.disclosed_page(:disclosure, :chunk, :page)",
                {"disclosure": disclosure_id, "chunk": chunk_id, "page": page})  # fmt: skip
    if row is None:
        raise AccessDeniedError
    if row.pop("media_type") != PDF:
        raise NoPageError
    return DisclosedPage(**row)


def _only(session: Session, query: str, values: dict[str, Any]) -> dict[str, Any] | None:
    row = session.execute(text(query), values).mappings().one_or_none()
    return None if row is None else dict(row)
