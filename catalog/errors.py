"""The error tree. Each class's docstring is its message unless one is given.

    DataHubError
    ├── SettingsError            a variable is missing or wrong
    ├── InvalidError             422: a value in a request
    │   └── ReasonNeededError    422: the trail is read for a stated reason
    ├── TooLargeError            413
    ├── NotAllowedError          403: not for that role, whoever has it
    │   ├── NotRegisteredError   403: the issuer knows them, the register does not
    │   └── OutsideAccessError   403: not from where they, or their session, are
    ├── NotFoundError            404: absent, or not for you to know
    │   ├── UnregisteredPlaceError   where a part of this site stands is not known
    │   └── NoPageError          404: the document has no pages to show
    ├── AccessDeniedError        404 outside, the reason in the ledger
    │   └── IdentityError        401: no valid token
    │       └── ClockError       401: two clocks disagree, so no token can be told from an ended one
    ├── InvalidTransitionError   409
    ├── ConflictError            409: it exists already
    ├── GuardrailError           becomes a Refusal
    ├── StoppedError             becomes a Refusal: the person stopped it
    ├── BudgetExhaustedError     429, says when it refills
    ├── DependencyError          503: a part that is needed is not there
    │   └── UnsealedError        a wall that must hold does not: refuse to serve
    ├── EmbeddingMismatchError   index and question come from different models
    ├── LedgerBrokenError        the audit trail can't be written or doesn't verify
    ├── ModelFileError           a weights file is missing, of a refused kind, or not the one it claims to be
    └── IngestError
        ├── PermanentError       the file itself: never retried; carries a RefusalReason
        │   └── OutOfPlaceError  the dataset may not be here
        ├── HeldError            a person decides; carries a HoldReason
        └── TransientError       worth another try

Messages never contain document or question text.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from catalog.vocabulary import HoldReason, RefusalReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.breach import Breach


class DataHubError(Exception):
    """Something in the hub went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class SettingsError(DataHubError):
    """A setting is missing or wrong."""


class InvalidError(DataHubError):
    """A value in the request is not one the hub takes."""


class ReasonNeededError(InvalidError):
    """Whoever reads the audit trail says why: one short sentence, which is written down beside the reading."""


class TooLargeError(DataHubError):
    """That is larger than this hub takes."""


class NotAllowedError(DataHubError):
    """Your role does not come to do this."""


class NotRegisteredError(NotAllowedError):
    """You are signed in, but this hub does not know you yet. Ask its operator to register you."""


class OutsideAccessError(NotAllowedError):
    """That may not be reached from where you are."""


class NotFoundError(DataHubError):
    """There is nothing by that name here, or it is not yours to know."""


class UnregisteredPlaceError(NotFoundError):
    """A part of this site is not registered as a place."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The place '{name}' is not registered, so nothing may be stored or processed there.")
        self.name = name


class NoPageError(NotFoundError):
    """This document has no pages to show."""


class AccessDeniedError(DataHubError):
    """You may not do this."""


class IdentityError(AccessDeniedError):
    """Your sign-in could not be verified. Sign in again."""


class ClockError(IdentityError):
    """The clocks of this hub and of its sign-in service disagree, so nobody can sign in. Tell the hub's operator."""


class InvalidTransitionError(DataHubError):
    """That step does not follow from the present state."""


class ConflictError(DataHubError):
    """Something by that name is already there."""


class GuardrailError(DataHubError):
    """The question was refused by a guard."""


class StoppedError(DataHubError):
    """It was stopped before it was done."""


class BudgetExhaustedError(DataHubError):
    """Your reading budget for these datasets is used up."""

    def __init__(self, message: str | None = None, *, refills_at: datetime | None = None) -> None:
        super().__init__(message)
        self.refills_at = refills_at


class DependencyError(DataHubError):
    """A part the hub needs is not there."""


class UnsealedError(DependencyError):
    """A wall that must hold does not hold, so nothing is served."""


class EmbeddingMismatchError(DataHubError):
    """The index was built with another embedding model than the one that is running."""


class LedgerBrokenError(DataHubError):
    """The audit trail can't be written or does not verify."""


class ModelFileError(DataHubError):
    """A model file is missing, of a kind that is refused, or not the one it claims to be."""


class IngestError(DataHubError):
    """A document could not be taken in."""


class PermanentError(IngestError):
    """The file itself can't be taken in; trying again changes nothing."""

    def __init__(self, reason: RefusalReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class OutOfPlaceError(PermanentError):
    """The dataset's tags and this site disagree; carries what residency refused."""

    def __init__(self, detail: str, breaches: "Sequence[Breach]") -> None:
        super().__init__(RefusalReason.NOT_ALLOWED_HERE, detail)
        self.breaches = tuple(breaches)


class HeldError(IngestError):
    """A document waits for its steward: what is declared of it doesn't fit together."""

    def __init__(self, reason: HoldReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class TransientError(IngestError):
    """Something around the file failed; it is tried again."""
