"""The hub's clock, for measuring: set ahead by its owner, never back; only a hub that is thrown away has it moved."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from catalog.errors import InvalidError
from catalog.tables import clock


def now(session: Session) -> datetime:
    """Return the hub's time."""
    found: datetime = session.scalars(select(func.hub.hub_now())).one()
    return found


def step(session: Session, by: timedelta) -> timedelta:
    """Set the clock further ahead and return how far it is now; InvalidError for a step back."""
    if by < timedelta(0):
        raise InvalidError("The clock is never set back.")
    ahead: timedelta = session.scalars(select(clock.c.ahead)).one() + by
    session.execute(update(clock).values(ahead=ahead))
    return ahead
