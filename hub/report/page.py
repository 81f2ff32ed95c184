"""The report as one page to print and sign: no script, nothing from elsewhere, every value escaped."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Any, Final

from hub.report.sheet import TAGS, flat
from hub.report.wording import Language, rule, say

Json = dict[str, Any]
Say = partial[str]

STYLE: Final = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1d21; background: #fff; max-width: 70rem; margin: 2rem auto;
       padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0; }
dt { color: #4a5058; }
dd { margin: 0; overflow-wrap: anywhere; }
.digest { font-family: ui-monospace, monospace; font-size: .85em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9em; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #c9ced6;
         overflow-wrap: anywhere; }
th { color: #4a5058; font-weight: 600; overflow-wrap: normal; }
.no { font-weight: 600; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 2.5rem 2rem; margin-top: 3rem; break-inside: avoid; }
.sign div { border-top: 1px solid #1a1d21; padding-top: .3rem; color: #4a5058; }
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr, .sign { break-inside: avoid; }
  h2 { break-after: avoid; }
  @page { size: A4 landscape; margin: 15mm; }
}
"""


def page(told: Json, digest: str, made_at: datetime, language: Language) -> str:
    """Return the page."""
    word = partial(say, language)
    parts = [
        f"<h1>{_text(word('title'))}: {_text(told['hub']['site'])}</h1>",
        _head(told, digest, made_at, word),
        f"<p>{_text(word('how'))}</p>",
        f"<p><strong>{_text(word('cut'))}</strong></p>" if told["cut"] else "",
        _board(told["datasets"], word),
        _violations(told["violations"], word, partial(rule, language)),
        _findings(told["findings"], word),
        _places(told["places"], word),
        _changes(told["changes"], word),
        _signature(word),
    ]
    title = f"{word('title')}: {told['hub']['site']}, {_day(told['since'])} / {_day(told['until'])}"
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def _head(told: Json, digest: str, made_at: datetime, word: Say) -> str:
    site = told["hub"]
    facts = (
        ("hub", f"{site['site']} ({site['jurisdiction']})", ""),
        ("period", word("until", since=_day(told["since"]), until=_day(told["until"])), ""),
        ("policy", told["policy_version"], "digest"),
        ("made", f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", ""),
        ("digest", digest, "digest"),
    )
    lines = (f'<dt>{_text(word(key))}</dt><dd class="{kind}">{_text(value)}</dd>' for key, value, kind in facts)
    return f"<dl>{''.join(lines)}</dl>"


def _board(datasets: Sequence[Json], word: Say) -> str:
    rows = []
    for row in datasets:
        tags = [f"{word(tag)} {', '.join(row[tag])}" for tag in TAGS if row[tag]]
        rows.append(
            [
                _text(row["title"]),
                _text(word(row["classification"])),
                _lines(map(_text, tags)),
                _lines(_cell(cell, f"{cell['place']} ({cell['jurisdiction']})", word) for cell in row["stored"]),
                _lines(_cell(cell, f"{cell['place']} ({cell['jurisdiction']})", word) for cell in row["processed"]),
                _lines(_cell(one, f"{one['jurisdiction']} ({word('people', count=one['people'])})", word)
                       for one in row["accessed"]),
                _text(row["refused"]),
            ]
        )  # fmt: skip
    columns = ("dataset", "classification", "tags", "stored", "processed", "accessed", "refused")
    return _section("board", columns, rows, word)


def _cell(cell: Json, where: str, word: Say) -> str:
    if cell["allowed"]:
        return f"{_text(where)}: {_text(word('allowed'))}"
    rules = f" ({', '.join(cell['rules'])})"
    return f'<span class="no">{_text(where)}: {_text(word("not-allowed"))}</span>{_text(rules)}'


def _violations(found: Sequence[Json], word: Say, law: Say) -> str:
    rows = [
        [
            _text(_moment(one["at"])),
            _text(", ".join(one["datasets"])),
            _text(word(one["door"])),
            _text(one["place"]),
            _text(word(one["tag"])),
            _lines((_text(law(one["rule"], one["reason"])), _text(one["rule"]))),
            _text(one["who"]),
        ]
        for one in found
    ]
    columns = ("at", "dataset", "door", "place", "tag", "rule", "who")
    return _section("violations", columns, rows, word)


def _findings(found: Sequence[Json], word: Say) -> str:
    rows = [
        [
            _text(_moment(one["found_at"])),
            _text(word(one["kind"])),
            _text(one["object"]),
            _text(", ".join(one["datasets"]) or "-"),
            _text(one["place"]),
            _text(one["rule"]),
        ]
        for one in found
    ]
    return _section("findings", ("found", "what", "which", "dataset", "place", "rule"), rows, word)


def _places(found: Sequence[Json], word: Say) -> str:
    rows = [
        [
            _text(one["name"]),
            _text(word(one["kind"])),
            _text(one["jurisdiction"]),
            _text(one["operator"] or "-"),
            _text(", ".join(one["legal_control"]) or "-"),
        ]
        for one in found
    ]
    return _section("places", ("place", "kind", "jurisdiction", "operator", "law"), rows, word)


def _changes(found: Sequence[Json], word: Say) -> str:
    rows = [
        [
            _text(_moment(one["at"])),
            _text(word(one["type"])),
            _text(one["name"]),
            _text(flat({word(name): value for name, value in one["detail"].items()}) or "-"),
            _text(one["who"]),
        ]
        for one in found
    ]
    return _section("changes", ("at", "what", "which", "how-changed", "who"), rows, word)


def _signature(word: Say) -> str:
    lines = "".join(f"<div>{_text(word(key))}</div>" for key in ("name", "function", "date", "sign"))
    return f'<section><h2>{_text(word("signature"))}</h2><div class="sign">{lines}</div></section>'


def _section(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]], word: Say) -> str:
    head = f"<h2>{_text(word(name))} ({len(rows)})</h2>"
    if not rows:
        return f"<section>{head}<p>{_text(word(f'no-{name}'))}</p></section>"
    titles = "".join(f'<th scope="col">{_text(word(column))}</th>' for column in columns)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<section>{head}<div class="scroll" tabindex="0">{table}</div></section>'


def _lines(cells: Iterable[str]) -> str:
    return "<br>".join(cells) or "-"


def _text(value: object) -> str:
    return escape(str(value), quote=True)


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d}"


def _moment(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M}"
