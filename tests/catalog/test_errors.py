"""The error tree: drawn as it is, each class with a sentence, each with a number a script can tell it by."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import catalog
from catalog import errors
from catalog.errors import (
    AccessDeniedError,
    BudgetExhaustedError,
    ClockError,
    ConflictError,
    DataHubError,
    DependencyError,
    EmbeddingMismatchError,
    GuardrailError,
    HeldError,
    IdentityError,
    IngestError,
    InvalidError,
    InvalidTransitionError,
    LedgerBrokenError,
    ModelFileError,
    NoPageError,
    NotAllowedError,
    NotFoundError,
    NotRegisteredError,
    OutOfPlaceError,
    OutsideAccessError,
    PermanentError,
    ReasonNeededError,
    SettingsError,
    StoppedError,
    TooLargeError,
    TransientError,
    UnregisteredPlaceError,
    UnsealedError,
)
from catalog.vocabulary import HoldReason, RefusalReason
from hub.commands.output import EXIT_CODES, exit_code

#: Each class, what it is a kind of, and the exit code a command ends with.
TREE: list[tuple[type[DataHubError], type[Exception], int]] = [
    (DataHubError, Exception, 1),
    (SettingsError, DataHubError, 4),
    (InvalidError, DataHubError, 1),
    (ReasonNeededError, InvalidError, 3),
    (TooLargeError, DataHubError, 1),
    (NotAllowedError, DataHubError, 1),
    (NotRegisteredError, NotAllowedError, 1),
    (OutsideAccessError, NotAllowedError, 1),
    (NotFoundError, DataHubError, 5),
    (UnregisteredPlaceError, NotFoundError, 5),
    (NoPageError, NotFoundError, 5),
    (AccessDeniedError, DataHubError, 6),
    (IdentityError, AccessDeniedError, 6),
    (ClockError, IdentityError, 6),
    (InvalidTransitionError, DataHubError, 8),
    (ConflictError, DataHubError, 8),
    (GuardrailError, DataHubError, 3),
    (StoppedError, DataHubError, 1),
    (BudgetExhaustedError, DataHubError, 3),
    (DependencyError, DataHubError, 7),
    (UnsealedError, DependencyError, 7),
    (EmbeddingMismatchError, DataHubError, 1),
    (LedgerBrokenError, DataHubError, 1),
    (ModelFileError, DataHubError, 9),
    (IngestError, DataHubError, 10),
    (PermanentError, IngestError, 10),
    (OutOfPlaceError, PermanentError, 10),
    (HeldError, IngestError, 10),
    (TransientError, IngestError, 10),
]
CLASSES = [kind for kind, _, _ in TREE]
#: These say what they were given, in words of their own.
TELLING = (PermanentError, OutOfPlaceError, HeldError, UnregisteredPlaceError)


def made(kind: type[DataHubError]) -> DataHubError:
    match kind:
        case errors.PermanentError:
            return PermanentError(RefusalReason.CORRUPT)
        case errors.OutOfPlaceError:
            return OutOfPlaceError("place.unregistered", [])
        case errors.HeldError:
            return HeldError(HoldReason.MARKED, "A marking asks for more.")
        case errors.UnregisteredPlaceError:
            return UnregisteredPlaceError("store")
        case _:
            return kind()


def test_the_table_above_lists_every_class_of_the_module() -> None:
    defined = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DataHubError)}
    assert defined == set(CLASSES)


@pytest.mark.parametrize(("kind", "parent", "code"), TREE)
def test_each_class_hangs_where_the_table_says(kind: type[DataHubError], parent: type[Exception], code: int) -> None:
    assert kind.__bases__ == (parent,)
    assert exit_code(made(kind)) == code


def test_the_drawing_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^    ([│ ]*)(?:[├└]── )?(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    assert [name for _, name in drawn] == [kind.__name__ for kind in CLASSES]
    path: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^    ([│ ]*(?:[├└]── )?)(\w+Error)\b", line)
        if found is None:
            continue
        depth, name = len(found[1]), found[2]
        while path and path[-1][0] >= depth:
            path.pop()
        if path:
            assert vars(errors)[name].__bases__[0].__name__ == path[-1][1]
        path.append((depth, name))


@pytest.mark.parametrize("kind", CLASSES)
def test_each_class_is_named_an_error_and_says_a_sentence(kind: type[DataHubError]) -> None:
    assert kind.__name__.endswith("Error")
    sentence = (kind.__doc__ or "").strip()
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert "\n" not in sentence


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if kind not in TELLING])
def test_an_error_without_words_says_the_sentence_of_its_class(kind: type[DataHubError]) -> None:
    assert str(kind()) == (kind.__doc__ or "").strip()
    assert str(kind("The pump is off. Switch it on.")) == "The pump is off. Switch it on."


def test_no_two_classes_say_the_same() -> None:
    assert len({kind.__doc__ for kind in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize("reason", RefusalReason)
def test_a_permanent_error_says_its_reason_and_its_detail(reason: RefusalReason) -> None:
    bare, told = PermanentError(reason), PermanentError(reason, "image/png")
    assert (str(bare), bare.reason, bare.detail) == (reason.value, reason, "")
    assert (str(told), told.reason, told.detail) == (f"{reason.value}: image/png", reason, "image/png")


def test_an_exhausted_budget_tells_when_it_refills_if_it_does() -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    assert BudgetExhaustedError().refills_at is None
    assert BudgetExhaustedError(refills_at=when).refills_at == when
    assert str(BudgetExhaustedError("Enough for today.", refills_at=when)) == "Enough for today."


def test_no_exit_code_is_one_that_python_or_the_shell_gives_itself() -> None:
    codes = {code for _, code in EXIT_CODES}
    assert not codes & {0, 1, 2}
    assert max(codes) < 126


def test_a_narrower_error_is_never_shadowed_by_a_wider_one_before_it() -> None:
    kinds = [kind for kind, _ in EXIT_CODES]
    shadowed = [(wide, kind) for n, kind in enumerate(kinds) for wide in kinds[:n] if issubclass(kind, wide)]
    assert shadowed == []


def raised_in_catalog() -> list[tuple[str, ast.Call]]:
    """Every `raise SomeError("…")` of the package, with its place; ValueError is pydantic's own way."""
    found = []
    for path in sorted(Path(next(iter(catalog.__path__))).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Raise)
                and isinstance(node.exc, ast.Call)
                and ast.unparse(node.exc.func) != "ValueError"
            ):
                found.append((f"{path.name}:{node.lineno}", node.exc))  # noqa: PERF401  # a walk inside a walk
    return found


def words_of(call: ast.Call) -> str | None:
    """The message as written, each inserted value as `…`; None without a literal message."""
    if not call.args:
        return None
    message = call.args[0]
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        return message.value
    if isinstance(message, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in message.values)
    return None


def test_every_message_raised_in_the_catalog_is_a_sentence() -> None:
    messages = {place: words for place, call in raised_in_catalog() if (words := words_of(call))}
    assert len(messages) > 15
    unfinished = {
        p: w for p, w in messages.items() if not w.endswith((".", "?", "…")) or not (w[0].isupper() or w[0] in "'…")
    }
    assert unfinished == {}


def test_every_error_raised_in_the_catalog_is_ours() -> None:
    names = {call.func.id for _, call in raised_in_catalog() if isinstance(call.func, ast.Name)}
    doors = {"translated", "_not_kept"}  # each turns a foreign exception into one of ours
    assert names - {kind.__name__ for kind in CLASSES} == doors
    checked = [p.name for p in Path(catalog.__path__[0]).rglob("*.py") if "raise ValueError" in p.read_text("utf-8")]
    assert [name for name in checked if "settings" not in name] == []


@pytest.mark.parametrize("word", ["body", "heading", "question", "embedding"])
def test_no_message_inserts_document_or_question_text(word: str) -> None:
    inserted = [
        place
        for place, call in raised_in_catalog()
        for argument in call.args
        if isinstance(argument, ast.JoinedStr)
        for name in ast.walk(argument)
        if (isinstance(name, ast.Name) and name.id == word) or (isinstance(name, ast.Attribute) and name.attr == word)
    ]
    assert inserted == []
