"""Which formats a report is written in."""

from enum import StrEnum


class Format(StrEnum):
    """What a report can be taken along as."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
