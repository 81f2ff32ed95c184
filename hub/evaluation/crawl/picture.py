"""The curves of a crawl as a picture: coverage by questions asked, one panel an arm."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

_COLOURS: Final = ("#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#444444", "#008080", "#a03060")
_WIDE, _HIGH, _LEFT, _TOP = 300, 220, 50, 40
_COLUMNS, _NAME = 4, 250  # of the names below


def svg(results: Sequence[Mapping[str, Any]]) -> str:
    """Return an SVG document; each result names its `adversary`, its `arm` and its `curve`."""
    arms = list(dict.fromkeys(str(one["arm"]) for one in results))
    names = list(dict.fromkeys(str(one["adversary"]) for one in results))
    most = max((point[0] for one in results for point in one["curve"]), default=1)
    wide = _LEFT + len(arms) * (_WIDE + _LEFT)
    high = _TOP + _HIGH + 40 + 18 * ((len(names) + _COLUMNS - 1) // _COLUMNS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="11">',
        f'<rect width="{wide}" height="{high}" fill="white"/>',
    ]
    for panel, arm in enumerate(arms):
        parts += _panel(_LEFT + panel * (_WIDE + _LEFT), arm, most)
        for one in results:
            if one["arm"] == arm:
                stroke = _stroke(names.index(str(one["adversary"])))
                parts.append(_line(_LEFT + panel * (_WIDE + _LEFT), one["curve"], most, stroke))
    for place, name in enumerate(names):
        x, y = _LEFT + (place % _COLUMNS) * _NAME, _TOP + _HIGH + 40 + 18 * (place // _COLUMNS)
        parts.append(f'<line x1="{x}" x2="{x + 24}" y1="{y - 4}" y2="{y - 4}" {_stroke(place)}/>')
        parts.append(f'<text x="{x + 30}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _panel(left: int, arm: str, most: int) -> list[str]:
    found = [f'<text x="{left}" y="{_TOP - 12}" font-size="14">{escape(arm)}</text>']
    for share in (0, 25, 50, 75, 100):
        y = _TOP + _HIGH * (1 - share / 100)
        found.append(f'<line x1="{left}" x2="{left + _WIDE}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        found.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{share} %</text>')
    found.append(f'<text x="{left + _WIDE}" y="{_TOP + _HIGH + 16}" text-anchor="end">{most} questions</text>')
    return found


def _stroke(place: int) -> str:
    """Return a line's look; once the colours are used up they come again, dashed."""
    dashes = ' stroke-dasharray="6 3"' if place >= len(_COLOURS) else ""
    return f'stroke="{_COLOURS[place % len(_COLOURS)]}" stroke-width="2"{dashes}'


def _line(left: int, curve: Sequence[Sequence[float]], most: int, stroke: str) -> str:
    points = " ".join(f"{left + _WIDE * x / most:.1f},{_TOP + _HIGH * (1 - y):.1f}" for x, y in [(0, 0.0), *curve])
    return f'<polyline points="{points}" fill="none" {stroke}/>'
