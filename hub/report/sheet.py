"""The report as CSV: one line a fact, the same columns for all, the kind of fact in the first."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

Json = dict[str, Any]
COLUMNS: Final = (
    "section", "at", "dataset", "classification", "part", "place", "jurisdiction", "operator", "people", "allowed",
    "refused", "door", "tag", "rule", "who", "detail",
)  # fmt: skip
TAGS: Final = ("store_in", "process_in", "access_from", "forbidden_legal_control", "forbidden_model_origins")
#: A cell that begins so is taken for a formula by a spreadsheet.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def sheet(told: Json, digest: str) -> str:
    """Return the CSV; each cell that a spreadsheet would run is led by an apostrophe."""
    written = io.StringIO()
    rows = csv.DictWriter(written, COLUMNS, restval="")
    rows.writeheader()
    for row in _rows(told, digest):
        rows.writerow({name: _harmless(value) for name, value in row.items()})
    return written.getvalue()


def _rows(told: Json, digest: str) -> Iterator[Json]:
    period = f"{told['since']} to {told['until']}; policy {told['policy_version']}; sha256 {digest}"
    yield {"section": "report", "place": told["hub"]["site"], "jurisdiction": told["hub"]["jurisdiction"],
           "detail": period + ("; cut" if told["cut"] else "")}  # fmt: skip
    for row in told["datasets"]:
        yield from _of_dataset(row)
    for one in told["places"]:
        yield {"section": "place", "part": one["kind"], "place": one["name"], "jurisdiction": one["jurisdiction"],
               "operator": one["operator"], "detail": "under the law of " + " ".join(one["legal_control"])}  # fmt: skip
    for one in told["violations"]:
        yield {"section": "violation", "at": one["at"], "dataset": "; ".join(one["datasets"]), "place": one["place"],
               **{name: one[name] for name in ("door", "tag", "rule", "who")}, "detail": one["reason"]}  # fmt: skip
    for one in told["findings"]:
        yield {"section": "out of place", "at": one["found_at"], "dataset": "; ".join(one["datasets"]),
               "part": one["kind"], "place": one["place"], "tag": one["tag"], "rule": one["rule"],
               "detail": one["object"]}  # fmt: skip
    for one in told["changes"]:
        dataset = one["kind"] == "dataset"
        yield {"section": "change", "at": one["at"], "dataset" if dataset else "place": one["name"],
               "who": one["who"], "detail": f"{one['type']}: {flat(one['detail'])}"}  # fmt: skip


def _of_dataset(row: Json) -> Iterator[Json]:
    named = {"dataset": row["title"], "classification": row["classification"]}
    tags = "; ".join(f"{tag} {' '.join(row[tag])}" for tag in TAGS if row[tag])
    yield {"section": "dataset", **named, "refused": row["refused"], "detail": tags}
    for section in ("stored", "processed"):
        for cell in row[section]:
            yield {"section": section, **named, "part": cell["kind"], "place": cell["place"],
                   "jurisdiction": cell["jurisdiction"], "operator": cell["operator"], "allowed": _yes(cell),
                   "rule": " ".join(cell["rules"])}  # fmt: skip
    for one in row["accessed"]:
        yield {"section": "accessed", **named, "jurisdiction": one["jurisdiction"], "people": one["people"],
               "refused": one["refused"], "allowed": _yes(one), "rule": " ".join(one["rules"])}  # fmt: skip


def flat(detail: Json) -> str:
    """Return what was changed in one line: `store_in DE → EU`."""
    return "; ".join(f"{name} {_value(value)}" for name, value in detail.items())


def _value(value: object) -> str:
    match value:
        case {"from": before, "to": after}:
            return f"{_value(before)} → {_value(after)}"
        case list():
            return " ".join(map(str, value)) or "-"
        case _:
            return str(value)


def _yes(cell: Json) -> str:
    return "yes" if cell["allowed"] else "no"


def _harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
