"""Engine, sessions and their context: the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from select import POLLIN, poll

import psycopg
from sqlalchemy import URL, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from catalog.errors import (
    AccessDeniedError,
    BudgetExhaustedError,
    ConflictError,
    DataHubError,
    DependencyError,
    InvalidTransitionError,
    LedgerBrokenError,
    NotFoundError,
    NotRegisteredError,
)
from catalog.vocabulary import DatasetId, DecisionId, PersonId

#: Whether this thread of control is inside a transaction of ours (disclosure refuses to join one).
_inside: ContextVar[bool] = ContextVar("inside_a_transaction", default=False)

#: Tells a transaction whom it speaks for, in one statement, until it ends.
_TELL = text(
    "SELECT set_config(name, value, true) "
    "FROM unnest(CAST(:names AS text[]), CAST(:values AS text[])) AS told (name, value)"
)

#: What our SQL functions raise (class HD), and the error each becomes.
SQLSTATES: dict[str, type[DataHubError]] = {
    "HD001": AccessDeniedError,  # no such decision or disclosure for this person
    "HD002": AccessDeniedError,  # the decision is too old
    "HD003": DataHubError,  # a caller's mistake: mode, limit
    "HD004": ConflictError,  # a ceiling raised without the owner's confirmation
    "HD005": InvalidTransitionError,  # decided already, or nothing to widen
    "HD010": LedgerBrokenError,  # the audit trail is append-only
}
_FOREIGN_KEY = "23503"
#: Those, and what the database itself says when two take the same name at the same moment, or one names what isn't
#: there.
_NAMED: dict[str, type[DataHubError]] = {**SQLSTATES, "23505": ConflictError, _FOREIGN_KEY: NotFoundError}
_CHECK_VIOLATION = "23514"
_BUDGETS = {"person_budgets", "organisation_budgets"}
#: Waited too long or lost a race: a statement or lock timeout, a deadlock. Worth another try.
_BUSY = {"57014", "55P03", "40P01", "40001"}


@dataclass(frozen=True, kw_only=True)
class Operator:
    """The one who runs the hub, by name of the operating system."""

    name: str

    @property
    def actor(self) -> str:
        """How the audit trail names them."""
        return f"operator:{self.name}"

    def settings(self) -> dict[str, str]:
        """Return the transaction's settings."""
        return {"hub.actor": self.actor}


@dataclass(frozen=True, kw_only=True)
class Worker:
    """The ingestion worker, on one dataset at a time."""

    name: str
    dataset_id: DatasetId

    @property
    def actor(self) -> str:
        """How the audit trail names it."""
        return f"worker:{self.name}"

    def settings(self) -> dict[str, str]:
        """Return the transaction's settings."""
        return {"hub.actor": self.actor, "hub.dataset": str(self.dataset_id)}


@dataclass(frozen=True, kw_only=True)
class Asker:
    """A verified person."""

    person_id: PersonId
    decision_id: DecisionId | None = None
    #: The agent that asks for them; the audit trail names both.
    agent: str | None = None
    #: The network zone their session comes in through; a decision made in another one opens nothing.
    zone: str = ""

    @property
    def actor(self) -> str:
        """How the audit trail names them."""
        return f"person:{self.person_id}"

    def settings(self) -> dict[str, str]:
        """Return the transaction's settings."""
        told = {"hub.actor": self.actor, "hub.subject": str(self.person_id)}
        return told | {"hub.agent": self.agent or "", "hub.zone": self.zone}


@dataclass(frozen=True, kw_only=True)
class Steward:
    """A verified person who keeps their organisation's datasets."""

    person_id: PersonId

    @property
    def actor(self) -> str:
        """How the audit trail names them."""
        return f"person:{self.person_id}"

    def settings(self) -> dict[str, str]:
        """Return the transaction's settings."""
        return {"hub.actor": self.actor, "hub.subject": str(self.person_id)}


@dataclass(frozen=True, kw_only=True)
class Auditor:
    """One who reads the ledger."""

    name: str

    @property
    def actor(self) -> str:
        """How the audit trail names them."""
        return f"auditor:{self.name}"

    def settings(self) -> dict[str, str]:
        """Return the transaction's settings."""
        return {"hub.actor": self.actor}


Context = Operator | Worker | Asker | Steward | Auditor


class Database:
    """One role's connections to Postgres."""

    def __init__(self, url: URL, *, pool_size: int = 4) -> None:
        self.engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            connect_args={
                "options": "-c search_path=hub,extensions",
                "connect_timeout": 10,
                # A prepared plan ignores what a later transaction sets (performance fact 3).
                "prepare_threshold": None,
            },
        )
        event.listen(self.engine, "checkout", _still_there)

    @contextmanager
    def begin(self, context: Context) -> Iterator[Session]:
        """Open a transaction that speaks for `context`; commit at the end, roll back on any error.

        Raises DependencyError when the database can't be had, or the error our SQL functions name.
        """
        token = _inside.set(True)
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                told = context.settings()
                session.execute(_TELL, {"names": list(told), "values": list(told.values())})
                session.info["actor"] = context.actor
                yield session
        except (DBAPIError, PoolTimeoutError) as error:
            raise translated(error) from error
        finally:
            _inside.reset(token)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _still_there(connection: psycopg.Connection, *_: object) -> None:
    """Have the pool open a new connection where the server has closed this one: it can be read though nobody asked.

    Asking the server itself (`pool_pre_ping`) would be one more way there and back for every transaction.
    """
    waiting = poll()
    if not connection.closed:
        waiting.register(connection.fileno(), POLLIN)
    if connection.closed or waiting.poll(0):
        raise DisconnectionError


def refuse_inside_a_transaction() -> None:
    """Raise DataHubError when the caller holds a transaction open."""
    if _inside.get():
        raise DataHubError("Disclosure opens its own transaction and can't join another.")


def translated(error: DBAPIError | PoolTimeoutError) -> DataHubError:
    """Return our error for one of the database's; its message holds no values."""
    code = "" if isinstance(error, PoolTimeoutError) else getattr(error.orig, "sqlstate", None) or ""
    if code in _NAMED:
        unknown = code == _FOREIGN_KEY and _constraint(error).endswith("_people")
        return NotRegisteredError() if unknown else _NAMED[code]()
    if code == _CHECK_VIOLATION and _table(error) in _BUDGETS:
        return BudgetExhaustedError()  # the last line behind the row lock
    if isinstance(error, PoolTimeoutError) or code in _BUSY:
        return DependencyError("The database is too busy. Try again in a moment.")
    if code[:2] in {"08", "57"} or (isinstance(error, OperationalError) and not code):
        return DependencyError("The database can't be reached. `hub status` shows what runs, `hub up` starts it.")
    if code[:2] == "53":
        return DependencyError("The database has run out of room or connections. Free disk space, then try again.")
    return DataHubError(f"The database refused a statement (SQLSTATE {code or 'unknown'}).")


def _constraint(error: DBAPIError | PoolTimeoutError) -> str:
    cause = getattr(error, "orig", None)
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def _table(error: DBAPIError | PoolTimeoutError) -> str | None:
    """Return the table whose constraint was broken, by its name alone."""
    cause = getattr(error, "orig", None)
    return cause.diag.table_name if isinstance(cause, psycopg.Error) else None
