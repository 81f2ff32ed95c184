"""Writes the tables that documents share with the code: `python -m tests.architecture.write_docs`."""

import re
from pathlib import Path

from catalog.policy.check import sentences

ROOT = Path(__file__).parents[2]
RULES = ROOT / "catalog" / "README.md"


def rules_table() -> str:
    """The law as a table: rule, effect, sentence."""
    rows = "\n".join(f"| `{rule}` | {effect} | {reason} |" for rule, (effect, reason) in sentences().items())
    return f"| rule | effect | reason |\n|---|---|---|\n{rows}"


def with_rules(text: str) -> str:
    """The document with its table as it should be."""
    return re.sub(
        r"<!-- rules -->.*?<!-- /rules -->",
        lambda _: f"<!-- rules -->\n{rules_table()}\n<!-- /rules -->",
        text,
        flags=re.DOTALL,
    )


if __name__ == "__main__":
    RULES.write_text(with_rules(RULES.read_text(encoding="utf-8")), encoding="utf-8")
