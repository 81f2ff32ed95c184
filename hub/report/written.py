"""Writes a report as a file, in one of its formats."""

import json
from dataclasses import dataclass

from catalog.report import Report
from hub.report.content import document
from hub.report.format import Format
from hub.report.page import page
from hub.report.sheet import sheet
from hub.report.wording import Language


@dataclass(frozen=True, kw_only=True)
class File:
    """A report as a file."""

    name: str
    media_type: str
    text: str


def written(report: Report, of: Format, language: Language) -> File:
    """Write the report; every format names the digest of the JSON one."""
    whole = document(report)
    told, digest = whole["report"], whole["sha256"]
    match of:
        case Format.JSON:
            kind, text = "application/json", json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        case Format.CSV:
            kind, text = "text/csv", sheet(told, digest)
        case Format.HTML:
            kind, text = "text/html", page(told, digest, report.made_at, language)
    span = f"{report.period.since:%Y-%m-%d}-{report.period.until:%Y-%m-%d}"
    return File(name=f"residency-{span}.{of}", media_type=kind, text=text)
