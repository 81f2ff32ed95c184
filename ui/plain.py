"""Text of documents, models and people, made safe to show: never an image, a link, or a tag of theirs."""

import html
import re
from collections.abc import Iterable
from typing import Final

#: Streamlit finds links, emoji and icon names in labels behind backslashes too; an invisible joiner breaks those.
JOINER: Final = "\u2060"
_PUNCTUATION: Final = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
_SPELLED: Final = re.compile(r"(?i)(:)(?=[a-z/_+\-\d])|(@)|(?<=www)(\.)|(?<=://)()")
#: So many characters before a quote, and after it, stand unfolded.
NEAR: Final = 120
FAR: Final = 240
_SPACE: Final = re.compile(r"\s+")


def label(text: str, most: int = 200) -> str:
    """Return text for a place where Streamlit reads Markdown: one line, every sign of Markdown taken literally."""
    line = shortened(_SPACE.sub(" ", text).strip(), most)
    marked = _SPELLED.sub(lambda found: found.group(0) + JOINER, line)
    return _PUNCTUATION.sub(r"\\\1", marked)


def shortened(text: str, most: int) -> str:
    """Cut at a word where the text is longer."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip() + "…"


def flowing(text: str) -> str:
    """Join the lines of each paragraph: a PDF ends a line where its page did, a narrow screen elsewhere."""
    return re.sub(r"(?<=\S)[ \t]*\n[ \t]*(?=\S)", " ", text)


def marked_html(text: str, quote: str = "") -> str:
    """Return text as HTML, escaped, with the quote marked where it stands (white space may differ)."""
    start, end = found(text, quote)
    return f'<div class="hub-text">{_marked(text, 0, start, end)}{html.escape(text[end:])}</div>'


def folded_html(text: str, quote: str, earlier: str, later: str) -> str:
    """Return text as HTML that begins just before the quote; what is further away is folded, named by two labels."""
    start, end = found(text, quote)
    first = _word(text, start - NEAR) if start > 2 * NEAR else 0
    last = _word(text, end + FAR) if len(text) - end > 2 * FAR else len(text)
    return (
        f'<div class="hub-text">{_fold(text[:first], earlier)}{_marked(text, first, start, end)}'
        f"{html.escape(text[end:last])}{_fold(text[last:], later)}</div>"
    )


def _marked(text: str, first: int, start: int, end: int) -> str:
    inside = html.escape(text[start:end])
    return html.escape(text[first:start]) + (inside and f"<mark>{inside}</mark>")


def _fold(text: str, name: str) -> str:
    return f"<details><summary>{html.escape(name)}</summary>{html.escape(text)}</details>" if text.strip() else ""


def _word(text: str, near: int) -> int:
    """Return where the next word begins."""
    space = text.find(" ", near)
    return len(text) if space < 0 else space + 1


def found(text: str, quote: str) -> tuple[int, int]:
    """Return where a quote stands in a text, or an empty range at its end."""
    words = quote.split()
    if not words:
        return len(text), len(text)
    match = re.search(r"\s+".join(re.escape(word) for word in words), text)
    return match.span() if match else (len(text), len(text))


def answer_html(text: str) -> str:
    """Return an answer as HTML, escaped; its `[n]` are set apart."""
    body = re.sub(r"\[(\d{1,3})\]", r'<span class="hub-number">[\1]</span>', html.escape(text))
    return f'<div class="hub-text">{body}</div>'


def heading_html(text: str, level: int = 3) -> str:
    """Return a heading, escaped."""
    return f'<h{level} class="hub-heading">{html.escape(text)}</h{level}>'


def facts_html(rows: Iterable[tuple[str, str]]) -> str:
    """Return a quiet table of what is so, escaped: each row a name and, where there is one, what stands there now."""
    return f'<table class="hub-facts">{"".join(map(_fact, rows))}</table>'


def _fact(row: tuple[str, str]) -> str:
    name, value = map(html.escape, row)
    if not value:
        return f'<tr><th scope="row" colspan="2">{name}</th></tr>'
    return f'<tr><th scope="row">{name}</th><td>{value}</td></tr>'
