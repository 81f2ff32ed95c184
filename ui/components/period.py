"""Which time is looked at: this month, the last, or other days; by UTC, as the hub counts its months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import streamlit as st

from ui.language import day, say

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Period:
    """From a day, included, until a day, not included; None: since ever, or until now."""

    since: date | None = None
    until: date | None = None

    @property
    def asked(self) -> dict[str, str | None]:
        """Return it as the API takes it."""
        return {"since": _moment(self.since), "until": _moment(self.until)}


def choose_period(key: str, options: Sequence[str], default: str) -> Period | None:
    """Ask for a period; None while its days are not chosen yet."""
    chosen = st.pills(
        say("period.which"),
        options,
        default=default,
        format_func=lambda one: say(f"period.{one}"),
        key=f"kept.{key}.period",
        required=True,
    )
    found = _custom(key) if chosen == "custom" else period(chosen or default, datetime.now(UTC).date())
    if found and found.since and found.until:
        st.caption(say("period.is", since=day(found.since), until=day(found.until - DAY)))
    return found


def period(name: str, today: date) -> Period:
    """Return the period of that name."""
    first = today.replace(day=1)
    match name:
        case "this-month":
            return Period(since=first, until=(first + 31 * DAY).replace(day=1))
        case "last-month":
            return Period(since=(first - DAY).replace(day=1), until=first)
        case _:
            return Period()


def _custom(key: str) -> Period | None:
    today = datetime.now(UTC).date()
    days = st.date_input(
        say("period.days"),
        value=(today - 30 * DAY, today),
        max_value=today,
        key=f"kept.{key}.days",
        format="YYYY-MM-DD",
    )
    if not isinstance(days, tuple) or len(days) != 2:  # noqa: PLR2004  # the first and the last
        st.caption(say("period.choose"))
        return None
    return Period(since=days[0], until=days[1] + DAY)


def _moment(one: date | None) -> str | None:
    return datetime.combine(one, time.min, UTC).isoformat() if one else None
