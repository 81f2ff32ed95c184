"""Every sentence in both languages, with the same places to fill; every key that is used is there, and no other."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from catalog.vocabulary import (
    Classification,
    Door,
    EventType,
    HoldReason,
    PlaceKind,
    Purpose,
    RefusalReason,
    Role,
    VersionState,
)
from ui.wording import (
    LANGUAGES,
    SENTENCES,
    around,
    asking,
    bounding,
    holding,
    keeping,
    law,
    public,
    rules,
    vocabulary,
    wrong,
)

UI = Path(__file__).parents[2] / "ui"
MODULES = (around, asking, bounding, holding, keeping, law, public, rules, vocabulary, wrong)
#: Groups whose keys are made from values of the API.
GROUPS = (
    "classification",
    "purpose",
    "role",
    "language",
    "type",
    "state",
    "reason",
    "place",
    "door",
    "actor",
    "event",
    "month",
    "alert",
    "rule",
    "remedy",
    "fact",
    "kind",
    "shown",
)
#: Whose values the screens show as the API sends them.
VALUES: dict[str, list[str]] = {
    "classification": [*Classification],
    "purpose": [*Purpose],
    "role": [*Role],
    "state": [*VersionState],
    "reason": [*RefusalReason, *HoldReason],
    "place": [*PlaceKind],
    "door": [*Door],
    "event": [*EventType],
}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def calls() -> list[tuple[str, ast.expr, str]]:
    """Each `say(…)`, `count(…)`, `empty(…)` of the screens with its first argument."""
    return [
        (ast.unparse(node.func), node.args[0], f"{path.name}:{node.lineno}")
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in {"say", "count", "empty"}
    ]


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_stands_in_each_language_with_the_same_places(key: str) -> None:
    told = SENTENCES[key]
    assert len(told) == len(LANGUAGES)
    assert all(one.strip() == one and one for one in told)
    assert len({frozenset(places(one)) for one in told}) == 1


def test_no_key_stands_in_two_files() -> None:
    assert sum(len(module.SENTENCES) for module in MODULES) == len(SENTENCES)


@pytest.mark.parametrize("key", [key for key in SENTENCES if key.endswith(".one")])
def test_what_is_said_of_one_is_said_of_many(key: str) -> None:
    assert f"{key.removesuffix('.one')}.many" in SENTENCES


def test_every_key_the_screens_name_is_there() -> None:
    for name, argument, at in calls():
        if not isinstance(argument, ast.Constant):
            continue
        wanted = [f"{argument.value}.one", f"{argument.value}.many"] if name == "count" else [argument.value]
        assert [one for one in wanted if one not in SENTENCES] == [], at


@pytest.mark.parametrize("group", VALUES)
def test_every_value_of_the_api_has_its_word(group: str) -> None:
    said = {key.removeprefix(f"{group}.") for key in SENTENCES if key.startswith(f"{group}.")}
    assert set(VALUES[group]) <= said


def test_no_sentence_waits_for_nobody() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py") if "wording" not in path.parts)
    stems = {key: re.sub(r"\.(one|many)$", "", key) for key in SENTENCES}
    made = {match + "." for match in re.findall(r'f"([a-z.-]+)\.\{', source)} | {f"{group}." for group in GROUPS}
    made |= {"frame.to-", "stage.", "problem.", "refusal."}
    named = set(re.findall(r"[\"']([a-z][a-z0-9.-]+)[\"']", source))
    idle = [key for key, stem in stems.items() if stem not in named and not key.startswith(tuple(made))]
    assert idle == []


def test_a_sentence_is_no_code_and_shouts_at_nobody() -> None:
    for key, told in SENTENCES.items():
        if key.startswith(("problem.", "refusal.")):
            for one in told:
                assert not re.search(r"\b[45]\d\d\b|[Ee]rror|Fehler|!", one), key


def test_a_refusal_says_what_to_do_next() -> None:
    for key, (english, _) in SENTENCES.items():
        if key.startswith("refusal.") and key not in {"refusal.refills", "refusal.ask-for-access", "refusal.budget"}:
            assert re.search(r"\b(Try|Ask|Choose|choose|read)\b", english), key
