"""The hub's clock, for measuring: set ahead by its owner, never back; only a hub that is thrown away has it moved."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.errors import InvalidError
from catalog.tables import clock


def step(session: Session, by: timedelta) -> timedelta:
    """Set the clock further ahead and return how far it is now; InvalidError for a step back."""
    if by < timedelta(0):
        raise InvalidError("The clock is never set back.")
    now: timedelta = session.scalars(select(clock.c.ahead)).one() + by
    session.execute(update(clock).values(ahead=now))
    return now
