"""Why something is done, as commands ask for it: kept in the audit trail, so it says something."""

from typing import Annotated, Final

import typer

#: As the API takes a reason.
LEAST_CHARACTERS: Final = 3
MOST_CHARACTERS: Final = 300


def _said(told: str) -> str:
    said = " ".join(told.split())
    if not LEAST_CHARACTERS <= len(said) <= MOST_CHARACTERS:
        raise typer.BadParameter(f"Say why, in {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters.")
    return said


Reason = Annotated[
    str, typer.Option("--reason", callback=_said, help="Why, for the audit trail; no words of a document.")
]
