"""What a mutant is: one change to one file, and the tests that must notice it."""

from dataclasses import dataclass
from typing import Final

from tests.architecture.code import ROOT

SQL: Final = "migrations/sql"
API: Final = "tests/security/test_sql_as_api.py"
BACK: Final = "tests/security/test_no_way_back.py"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """`before` stands exactly once in the file and becomes `after`; each test file or test named must fail."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


def mutant(name: str, file: str, before: str, after: str, *tests: str) -> Mutant:
    return Mutant(name=name, file=file, before=before, after=after, tests=tests)


def text_of(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")
