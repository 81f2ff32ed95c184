"""Takes out of office files and pages what their readers would never see, and counts it."""

# ruff: noqa: ANN401  # python-docx and lxml ship no types

import re
from typing import Any, Final

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF: Final = frozenset({"0", "false", "off"})
_UNSEEN_TAGS: Final = ("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math")
_UNSEEN_STYLE: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0(\.0*)?\s*(;|!|$)"
    r"|font-size\s*:\s*0(\.0*)?(px|pt|em|rem|%)?\s*(;|!|$)"
    r"|(left|top|text-indent)\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
_WHITE: Final = re.compile(
    r"(?<![-\w])color\s*:\s*(#fff(fff)?\b|white\b|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)", re.IGNORECASE
)
_BACKGROUND: Final = re.compile(r"background(-color)?\s*:", re.IGNORECASE)


def strip_docx(document: Any) -> int:
    """Remove hidden runs (`w:vanish`, their own or their style's) from a python-docx document; return how many."""
    unseen = {style.style_id for style in document.styles if _vanishes(style.element.find(f"{_W}rPr"))}
    removed = 0
    for run in list(document.element.iter(f"{_W}r")):
        properties = run.find(f"{_W}rPr")
        paragraph_style = _paragraph_style(run)
        if _vanishes(properties, unseen) or (paragraph_style in unseen and not _shown(properties)):
            removed += bool("".join(run.itertext()).strip())
            run.getparent().remove(run)
    return removed


def _vanishes(properties: Any, unseen: set[str] | None = None) -> bool:
    if properties is None:
        return False
    mark = properties.find(f"{_W}vanish")
    if mark is not None:
        return mark.get(f"{_W}val", "1") not in _OFF
    style = properties.find(f"{_W}rStyle")
    return bool(unseen) and style is not None and style.get(f"{_W}val") in (unseen or ())


def _shown(properties: Any) -> bool:
    mark = None if properties is None else properties.find(f"{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "1") in _OFF


def _paragraph_style(run: Any) -> str | None:
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    style = None if paragraph is None else paragraph.find(f"{_W}pPr/{_W}pStyle")
    return None if style is None else style.get(f"{_W}val")


def strip_html(root: Any) -> int:
    """Remove scripts, comments and elements styled out of sight from an lxml tree; return how many held text."""
    from lxml import etree  # type: ignore[import-untyped]

    removed = 0
    for element in list(root.iter()):
        if element is root or element.getparent() is None:
            continue
        if element.tag is etree.Comment or element.tag is etree.ProcessingInstruction or element.tag in _UNSEEN_TAGS:
            _drop(element)
        elif _unseen(element):
            removed += bool("".join(element.itertext()).strip())
            _drop(element)
    return removed


def _unseen(element: Any) -> bool:
    style = element.get("style") or ""
    white = bool(_WHITE.search(style)) and not _BACKGROUND.search(style)
    return element.get("hidden") is not None or bool(_UNSEEN_STYLE.search(style)) or white


def _drop(element: Any) -> None:
    """Take an element out and leave the text that follows it."""
    parent, before = element.getparent(), element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
