"""The words: ordered where they are ordered, unique, shaped as promised, and the same in code and database."""

import ast
import re
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint

import catalog
import hub
import ingest
import migrations
from catalog import vocabulary
from catalog.tables import datasets, document_versions, people, places
from catalog.vocabulary import (
    Action,
    Classification,
    EventType,
    PlaceKind,
    Purpose,
    RefusalKind,
    RefusalReason,
    VersionState,
)

WORDS: list[type[StrEnum]] = [
    Classification,
    Purpose,
    Action,
    VersionState,
    RefusalReason,
    EventType,
    PlaceKind,
    RefusalKind,
]
#: Events no code writes yet: each waits for its act. Whoever builds the act takes the name off this list.
WAITING: set[EventType] = set()
ROOTS = [Path(next(iter(package.__path__))) for package in (catalog, hub, ingest, migrations)]


def source_of(suffix: str) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for root in ROOTS for path in sorted(root.rglob(f"*{suffix}"))}


def comments_of_members() -> dict[str, str]:
    """Each member's own comment, by `Class.MEMBER`."""
    text = Path(vocabulary.__file__).read_text(encoding="utf-8")
    lines, told = text.splitlines(), {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.Assign) and isinstance(member.targets[0], ast.Name):
                    told[f"{node.name}.{member.targets[0].id}"] = lines[member.lineno - 1].partition("#")[2].strip()
    return told


def test_classifications_are_ordered_from_public_to_secret() -> None:
    assert [word.level for word in Classification] == [0, 1, 2, 3]
    assert [word.value for word in sorted(Classification, key=lambda word: word.level)] == [
        "public",
        "internal",
        "restricted",
        "secret",
    ]


def test_a_classification_is_never_compared_by_its_name() -> None:
    by_name, by_level = sorted(Classification), sorted(Classification, key=lambda word: word.level)
    assert by_name != by_level, "names happen to sort as levels: the next test is blind"
    assert all(low.level < high.level for low, high in pairwise(by_level))


def test_no_code_compares_classifications_by_name() -> None:
    compared = []
    for path, text in source_of(".py").items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Compare) and any(
                isinstance(o, ast.Lt | ast.Gt | ast.LtE | ast.GtE) for o in node.ops
            ):
                sides = [node.left, *node.comparators]
                compared += [
                    f"{path.name}:{node.lineno}"
                    for side in sides
                    if isinstance(side, ast.Attribute) and side.attr in {"classification", "clearance"}
                ]
    assert compared == []


@pytest.mark.parametrize("words", WORDS)
def test_no_two_members_mean_the_same_word(words: type[StrEnum]) -> None:
    assert len({member.value for member in words}) == len(words.__members__)
    assert all(member.value == member.value.strip().lower() for member in words)


@pytest.mark.parametrize("words", [Classification, Purpose, Action, VersionState, RefusalReason, RefusalKind])
def test_each_member_says_what_it_means(words: type[StrEnum]) -> None:
    told = comments_of_members()
    assert [member.name for member in words if len(told[f"{words.__name__}.{member.name}"]) < 8] == []


@pytest.mark.parametrize("event", EventType)
def test_an_event_is_a_source_and_a_past_participle(event: EventType) -> None:
    source, _, participle = event.value.partition(".")
    assert re.fullmatch(r"[a-z]+", source)
    assert re.fullmatch(r"[a-z]+(ed|drawn)|made|given|held", participle)


def test_every_event_is_written_by_some_code_or_waits_for_its_act() -> None:
    in_python = "\n".join(text for path, text in source_of(".py").items() if path.name != "vocabulary.py")
    in_sql = "\n".join(source_of(".sql").values())
    written = {e for e in EventType if re.search(rf"\bEventType\.{e.name}\b", in_python) or f"'{e.value}'" in in_sql}
    assert set(EventType) - written == WAITING


def test_sql_writes_no_event_the_vocabulary_does_not_know() -> None:
    inserted = re.findall(
        r"INSERT INTO hub\.audit_events[^;]*?VALUES \('([^']+)'", "\n".join(source_of(".sql").values()), re.DOTALL
    )
    assert sorted(inserted) == ["alert.acknowledged", "ceiling.changed", "increase.decided", "passages.disclosed"]
    assert set(inserted) <= {event.value for event in EventType}


@pytest.mark.parametrize(
    ("table", "name", "words"),
    [
        (datasets, "ck_datasets_classification", Classification),
        (people, "ck_people_clearance", Classification),
        (document_versions, "ck_document_versions_state", VersionState),
        (places, "ck_places_kind", PlaceKind),
    ],
    ids=["classification", "clearance", "state", "kind"],
)
def test_the_database_accepts_exactly_the_words_of_the_code(table: object, name: str, words: type[StrEnum]) -> None:
    (check,) = [
        constraint
        for constraint in table.constraints  # type: ignore[attr-defined]
        if isinstance(constraint, CheckConstraint) and constraint.name == name
    ]
    assert set(re.findall(r"'([^']+)'", str(check.sqltext))) == {member.value for member in words}


@pytest.mark.parametrize(
    "name",
    [name for name, kind in vars(vocabulary).items() if name.endswith("Id") and name != "UUID"],
)
def test_an_id_is_a_uuid_under_a_name_of_its_own(name: str) -> None:
    assert vars(vocabulary)[name].__supertype__.__name__ == "UUID"
    assert vars(vocabulary)[name].__name__ == name
