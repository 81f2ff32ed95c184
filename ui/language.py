"""The person's language and time: every sentence, number and date on a screen passes here."""

from datetime import UTC, date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from ui.wording import LANGUAGES, SENTENCES

KEY: Final = "kept.language"


def language() -> str:
    """Return the language chosen, else the browser's, else English."""
    chosen = st.session_state.get(KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    spoken = (st.context.locale or "").partition("-")[0].lower()
    return spoken if spoken in LANGUAGES else "en"


def say(key: str, /, **values: object) -> str:
    """Return a sentence of the wording, its places filled; values are taken literally, never as Markdown."""
    return SENTENCES[key][LANGUAGES.index(language())].format(**values)


def word(group: str, value: str) -> str:
    """Return the word for a value of a vocabulary; one that has none yet stands for itself."""
    return say(f"{group}.{value}") if f"{group}.{value}" in SENTENCES else value


def reason(told: str | None) -> str:
    """Return why a file was not taken in: `kind: detail` in words."""
    kind, _, detail = (told or "failed").partition(":")
    words = word("reason", kind.strip())
    return f"{words} ({detail.strip()})" if detail.strip() else words


def count(key: str, number: int, /, **values: object) -> str:
    """Return the sentence for one or for many."""
    return say(f"{key}.one" if number == 1 else f"{key}.many", count=figure(number), **values)


def figure(number: float) -> str:
    """Return a number with the language's own marks."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.1f}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: float) -> str:
    """Return a share as a person weighs it: one decimal below a tenth."""
    value = share * 100
    shown = figure(round(value)) if value >= 10 or value == round(value) else figure(round(value, 1))  # noqa: PLR2004
    return f"{shown}{'%' if language() == 'en' else ' %'}"


def size(size_bytes: int) -> str:
    """Return a size a person can weigh."""
    for unit, factor in (("GB", 1000**3), ("MB", 1000**2), ("kB", 1000)):
        if size_bytes >= factor:
            shown = round(size_bytes / factor, 1)
            return f"{figure(int(shown) if shown.is_integer() else shown)} {unit}"
    return f"{figure(size_bytes)} B"


def zone() -> tzinfo:
    """Return the browser's time zone."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def when(at: datetime) -> str:
    """Return a moment on the person's own clock, with the zone's name."""
    local = at.astimezone(zone())
    return f"{day(local.date())}, {local:%H:%M} {local.tzname()}"


def day(one: date) -> str:
    """Return a date as the language writes it."""
    return f"{one.day} {say(f'month.{one.month}')} {one.year}" if language() == "en" else f"{one:%d.%m.%Y}"
