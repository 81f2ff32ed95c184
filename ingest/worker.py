"""Claims jobs, runs the pipeline, records the outcome; what is permanent and what is transient is decided here."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.orm import Session

from catalog import chunks, documents, violations
from catalog.breach import Breach
from catalog.db import Worker
from catalog.documents import Order
from catalog.errors import (
    DependencyError,
    EmbeddingMismatchError,
    HeldError,
    InvalidTransitionError,
    NotFoundError,
    OutOfPlaceError,
    PermanentError,
    TransientError,
)
from catalog.jobs import Claim
from catalog.vocabulary import RefusalReason, VersionState
from ingest.pipeline import Equipment, take_in

log: Any = structlog.get_logger("ingest")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """When to give up on a document."""

    max_attempts: int
    max_deaths: int


def handle(claim: Claim, *, equipment: Equipment, patience: Patience) -> None:
    """Take one version in, or record why not.

    Raises TransientError when it is worth another try. Whatever nobody foresaw is permanent: the version is refused as
    failed, its original stays, and a person looks.
    """
    bound = log.bind(version=str(claim.version_id), dataset=str(claim.dataset_id), attempt=claim.attempts)
    try:
        order = _open_order(claim, equipment)
        if order is None:
            bound.info("job.nothing-to-do")
            return
        _refuse_hopeless(claim, patience)
        embedded = take_in(order, equipment=equipment)
        parsed = embedded.parsed
        bound.info("document.published", chunks=len(embedded.chunks), hidden=parsed.hidden, notes=list(parsed.notes))
    except HeldError as error:
        bound.info("document.held", reason=str(error.reason))
        _hold(claim, equipment, error)
    except PermanentError as error:
        bound.info("document.refused", reason=str(error.reason))
        breaches = error.breaches if isinstance(error, OutOfPlaceError) else ()
        _refuse(claim, equipment, error.reason, error.detail, breaches)
    except EmbeddingMismatchError as error:
        bound.error("document.failed", error="another embedding model")
        _refuse(claim, equipment, RefusalReason.FAILED, str(error))
    except (TransientError, DependencyError) as error:
        _try_again(claim, equipment, patience, error)
    except Exception as error:  # noqa: BLE001  # unknown means permanent, and kept for a person
        bound.error("document.failed", error=type(error).__name__, at=_place(error))
        _refuse(claim, equipment, RefusalReason.FAILED, f"unforeseen: {type(error).__name__}")


def _open_order(claim: Claim, equipment: Equipment) -> Order | None:
    """Return the order while there is something to do: a job may run twice; a withdrawn one goes out."""
    with suppress(NotFoundError), equipment.database.begin(_context(claim, equipment)) as session:
        order = documents.order(session, claim.version_id)
        if order.state is VersionState.WITHDRAWN:
            chunks.take_out(session, order.dataset_id, order.version_id)
        return order if order.state is VersionState.QUARANTINED else None
    return None


def _refuse_hopeless(claim: Claim, patience: Patience) -> None:
    if claim.rescues >= patience.max_deaths:
        raise PermanentError(RefusalReason.FAILED, f"{claim.rescues} workers died over it")


def _try_again(claim: Claim, equipment: Equipment, patience: Patience, error: Exception) -> None:
    log.warning("job.postponed", version=str(claim.version_id), attempt=claim.attempts, error=type(error).__name__)
    if claim.attempts + 1 >= patience.max_attempts:
        _refuse(claim, equipment, RefusalReason.FAILED, f"given up after {claim.attempts + 1} attempts")
        return
    raise error if isinstance(error, TransientError) else TransientError(str(error)) from error


def _hold(claim: Claim, equipment: Equipment, why: HeldError) -> None:
    _settle(claim, equipment, lambda session: documents.hold(session, claim.version_id, why.reason, why.detail))


def _refuse(
    claim: Claim, equipment: Equipment, reason: RefusalReason, detail: str, breaches: Sequence[Breach] = ()
) -> None:
    """Record the refusal with what residency refused."""

    def refused(session: Session) -> None:
        documents.refuse(session, claim.version_id, reason, detail)
        violations.record(session, [([claim.dataset_id], breaches)])

    _settle(claim, equipment, refused)


def _settle(claim: Claim, equipment: Equipment, record: Callable[[Session], None]) -> None:
    """Record an end; when the database is gone, the job comes back and finds out again."""
    try:
        with (
            suppress(InvalidTransitionError, NotFoundError),
            equipment.database.begin(_context(claim, equipment)) as session,
        ):
            record(session)
    except DependencyError as error:
        raise TransientError("The database can't be reached.") from error


def _context(claim: Claim, equipment: Equipment) -> Worker:
    return Worker(name=equipment.worker, dataset_id=claim.dataset_id)


def _place(error: Exception) -> str:
    """Return file and line where it happened: an exception's own words may quote a document."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
