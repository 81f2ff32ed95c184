"""No document's or person's words in a log, on a console, or in an error's message."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.architecture.code import Source, source, sources

#: Names under which text travels through the code.
WORDS = {
    *("body", "heading", "text", "passage", "passages", "question", "answer", "draft", "quote", "prompt", "content"),
    *("bodies", "texts", "lexemes", "embedding", "chunk", "chunks", "pieces", "document", "title"),
}
#: Figures about text are no text.
FIGURES = {"len", "sum", "count", "type", "bool", "hash", "sha256", "round"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
#: The only modules that write to a console; everything else says it through them.
CONSOLES = ("hub/commands/", "hub/cli.py", "hub/stack/__main__.py", "ui/")


def spoken(node: ast.AST) -> Iterator[str]:
    """Yield each name of text in an expression, unless only a figure about it is taken."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in FIGURES:
        return
    match node:
        case ast.Attribute(value=value, attr=name) | ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
            if name in WORDS:
                yield name
            if not isinstance(value, ast.Name):  # `answer.status_code` is no text, `answer.body` is
                yield from spoken(value)
            return
        case ast.Name(id=name) if name in WORDS:
            yield name
    for child in ast.iter_child_nodes(node):
        yield from spoken(child)


def logged(files: Iterable[Source]) -> list[str]:
    """Every logging call and write to a standard stream that is handed text."""
    found = []
    for file in files:
        for call, name in file.calls():
            last = name.rpartition(".")[2]
            if last in LEVELS or name.endswith(("stderr.write", "stdout.write", "warnings.warn")):
                handed = [*call.args, *(keyword.value for keyword in call.keywords)]
                found += [f"{file.at(call)}: {word}" for value in handed for word in spoken(value)]
    return found


def raised(files: Iterable[Source]) -> list[str]:
    """Every error whose message is made of text."""
    found = []
    for file in files:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                holes = [
                    value
                    for part in ast.walk(node.exc)
                    if isinstance(part, ast.FormattedValue)
                    for value in [part.value]
                ]
                found += [f"{file.at(node)}: {word}" for hole in holes for word in spoken(hole)]
    return found


def test_no_log_line_is_handed_text() -> None:
    assert logged(sources()) == []


def test_no_error_message_is_made_of_text() -> None:
    assert raised(sources()) == []


def test_only_the_command_line_prints() -> None:
    prints = [file.at(call) for file in sources() for call, name in file.calls() if name in {"print", "pprint"}]
    assert prints == []
    rich = {
        file.path for file in sources() for _, name in file.calls() if name.endswith(("console.print", "typer.echo"))
    }
    assert [path for path in rich if not path.startswith(CONSOLES)] == []


@pytest.mark.parametrize(
    "line",
    [
        "log.info('parsed', heading=chunk.heading)",
        "log.warning(f'{question} is odd')",
        "logging.getLogger('x').error('%s', passage.body)",
        "sys.stderr.write(answer)",
    ],
)
def test_a_log_line_with_text_is_seen(line: str) -> None:
    assert logged([source(line)])


def test_an_error_with_text_is_seen_and_a_figure_is_not() -> None:
    assert raised([source("raise ValueError(f'no answer to {question}')")]) == ["hub/made.py:1: question"]
    assert raised([source("raise ValueError(f'{len(question)} characters are too many')")]) == []
    assert logged([source("log.info('done', chunks=len(chunks))")]) == []
