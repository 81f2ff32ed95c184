"""README's exit codes are the program's."""

import ast
import re
from pathlib import Path

import pytest

from hub.commands import output
from hub.commands.output import EXIT_CODES, UNEXPECTED

REPOSITORY = Path(__file__).parents[2]
#: Given by others than our errors: done, typer's own for a mistake, a shell's for Ctrl-C.
OTHERS = {0, 2, 130}


def readme_codes() -> dict[int, str]:
    section = (REPOSITORY / "README.md").read_text(encoding="utf-8").split("\n## Exit codes\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| *(\d+) *\| *(.+?) *\|$", section, re.MULTILINE)
    assert len({code for code, _ in rows}) == len(rows), "a code stands twice"
    return {int(code): meaning for code, meaning in rows}


def test_the_table_has_every_code_the_program_gives_and_no_other() -> None:
    given = {code for _, code in EXIT_CODES} | {UNEXPECTED, output.REFUSED, output.NOT_TAKEN_IN} | OTHERS
    assert set(readme_codes()) == given


def test_every_code_has_a_meaning() -> None:
    assert all(len(meaning) > 3 for meaning in readme_codes().values())


@pytest.mark.parametrize("path", sorted((REPOSITORY / "hub" / "commands").glob("*.py")), ids=lambda path: path.stem)
def test_a_command_ends_only_with_a_code_of_the_table(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {name: value for name, value in vars(output).items() if isinstance(value, int)}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int(value))):
                constants[name] = value
    ends = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "typer.Exit"]
    for end in ends:
        (given,) = end.args
        assert isinstance(given, ast.Name), f"line {end.lineno}: name the code"
        assert constants[given.id] in readme_codes()
