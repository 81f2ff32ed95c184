"""Compares what became of each file of a manifest with what its row expects; pure: others run the hub."""

import csv
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

#: The formats the hub reads; a row of any other may end `unsupported: <type>`.
READ: Final = frozenset({"pdf", "docx", "html", "txt", "md", "csv"})
_ALIASES: Final = {"tif": "tiff", "jpeg": "jpg", "htm": "html", "yml": "yaml"}
_UNSEEN: Final = re.compile("[\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SIMILAR: Final = 0.8  # `approx` of the manifest: the least share of equal characters
_REASONS: Final = (
    *("empty", "unsupported", "wrong type", "encrypted", "corrupt", "hostile", "too large", "too slow", "scanned"),
    "not allowed here",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the manifest."""

    path: str
    category: str
    format: str
    expected: str
    must_contain: tuple[str, ...]
    must_not_contain: tuple[str, ...]
    approximate: bool


@dataclass(frozen=True, kw_only=True)
class Got:
    """What became of one file: a state, a refusal's reason and detail, or the text that was read."""

    state: str  # "published", "held", "refused", or "missing" when nothing was recorded
    reason: str | None = None
    detail: str | None = None
    text: str | None = None

    def __str__(self) -> str:
        """Return it as a person reads it."""
        if self.state != "refused":
            return "ok" if self.state == "published" else self.state
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A file that ended otherwise than its row expects."""

    path: str
    expected: str
    got: str
    why: str


def read_manifest(manifest: Path) -> list[Row]:
    """Return the rows; paths are relative to the manifest's folder."""
    with manifest.open(encoding="utf-8-sig", newline="") as lines:
        return [_row(line) for line in csv.DictReader(lines)]


def evaluate(manifest: Path, outcome: Callable[[Row], Got]) -> dict[str, Any]:
    """Return rows, as_expected and every miss with its reason; asks `outcome` once for each row, in order."""
    rows = read_manifest(manifest)
    judged = [(row, got, judge(row, got)) for row, got in ((row, outcome(row)) for row in rows)]
    misses = [
        Miss(path=row.path, expected=row.expected, got=str(got), why=why) for row, got, why in judged if why is not None
    ]
    return {
        "rows": len(rows),
        "as_expected": len(rows) - len(misses),
        "unexpected": [asdict(miss) for miss in misses],
    }


def judge(row: Row, got: Got) -> str | None:
    """Return None when a file ended as its row expects, otherwise why not."""
    if got.state == "missing":
        return "nothing was recorded: the file was lost"
    if got.state == "refused":
        return _judge_refusal(row, got)
    if got.state == "held":
        return None if "flagged" in row.expected else "it waits for a person"
    if not row.expected.startswith("ok") and " ok" not in row.expected:
        return "it was published"
    return _judge_text(row, got.text or "")


def needs_no_ocr(row: Row) -> bool:
    """Say whether a row is one of the formats the hub reads, and its text is not a picture."""
    return row.format in READ and row.category != "scan"


def _judge_refusal(row: Row, got: Got) -> str | None:
    if got.reason == "unsupported" and (not needs_no_ocr(row) or "unsupported" in row.expected):
        return None if _names_its_type(row, got.detail or "") else "the refusal names another type"
    if got.reason in _expected_reasons(row.expected):
        return None
    return "it was refused" if row.expected.startswith("ok") else "another reason was expected"


def _names_its_type(row: Row, detail: str) -> bool:
    words = {_ALIASES.get(word, word) for word in detail.lower().split()}
    return _ALIASES.get(row.format, row.format) in words


def _expected_reasons(expected: str) -> set[str]:
    """Return the reasons a row allows: those it names, or any when it says only that a file may be rejected."""
    named = {reason for reason in _REASONS if re.search(rf"\b{reason}\b", expected)}
    if "ok-or-unsupported" in expected:
        return {"unsupported"}
    return named or (set(_REASONS) if "rejected" in expected else set())


def _judge_text(row: Row, text: str) -> str | None:
    held = squeezed(text)
    for unwanted in row.must_not_contain:
        if squeezed(unwanted) in held:
            return "it holds text that must not come out"
    if "ok-or-garbled" in row.expected:
        return None
    missing = [piece for piece in row.must_contain if not _holds(held, squeezed(piece), approximate=row.approximate)]
    if missing:
        return f"{len(missing)} of {len(row.must_contain)} expected pieces of text are missing"
    return None


def squeezed(text: str) -> str:
    """Return text as the manifest compares it: NFKC, lower case, no white space, soft hyphens, widthless marks."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text).lower())


def _holds(held: str, piece: str, *, approximate: bool) -> bool:
    return piece in held or (approximate and best_similarity(held, piece) >= _SIMILAR)


def best_similarity(held: str, piece: str) -> float:
    """Return the best share of equal characters between `piece` and any window of its length."""
    size = len(piece)
    if not held or not size:
        return 0.0
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(piece)
    best = 0.0
    for at in range(max(1, len(held) - size + 1)):
        matcher.set_seq1(held[at : at + size])
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
            best = max(best, matcher.ratio())
    return best


def _row(line: dict[str, str]) -> Row:
    return Row(
        path=line["path"],
        category=line["category"],
        format=line["format"].lower(),
        expected=line["expected_outcome"],
        must_contain=_pieces(line["must_contain"]),
        must_not_contain=_pieces(line["must_not_contain"]),
        approximate=line["match"] == "approx",
    )


def _pieces(cell: str) -> tuple[str, ...]:
    return tuple(piece for piece in cell.split(" || ") if piece.strip())
