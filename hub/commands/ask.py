"""`hub ask`: a question, as a verified person, streamed to a cited answer."""

import time
from typing import Annotated

import typer
from rich.markup import escape

from catalog.vocabulary import Purpose
from hub.answers import Answer, Refusal
from hub.ask import ask as ask_hub
from hub.commands.connect import services, subject_of
from hub.commands.output import REFUSED, console, errors, show_json

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Terminal:
    """Shows stages on standard error and the answer as it is written."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def stage(self, text: str) -> None:
        """Say what happens now."""
        if not self._quiet:
            errors.print(f"{text} …", style="dim")

    def piece(self, text: str) -> None:
        """Show the draft as it comes."""
        if not self._quiet:
            errors.print(text, end="", style="dim", markup=False, highlight=False)


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    person: Annotated[str | None, typer.Option("--as", help="Who asks (signed in by the development key).")] = None,
    token: Annotated[str | None, typer.Option(help="An access token instead of --as.", envvar="HUB_TOKEN")] = None,
    purpose: Annotated[Purpose, typer.Option(help="What for.")] = Purpose.RESEARCH,
    as_json: Json = False,
) -> None:
    """Ask a question and get a cited answer, or a refusal that says what to do (exit code 3).

    Example: hub ask "Who maintains the dykes?" --as ada
    """
    started = time.monotonic()
    subject = subject_of(person, token)
    with services() as hub:
        outcome = ask_hub(question, subject, purpose, hub, Terminal(quiet=as_json))
    if as_json:
        show_json({"took_s": round(time.monotonic() - started, 2), **_json(outcome)})
    else:
        errors.print()
        show_outcome(outcome)
    if isinstance(outcome, Refusal):
        raise typer.Exit(REFUSED)


def _json(outcome: Answer | Refusal) -> dict[str, object]:
    match outcome:
        case Answer():
            return {"answer": outcome}
        case Refusal():
            return {"refusal": outcome}


def show_outcome(outcome: Answer | Refusal) -> None:
    """Print an answer with its sources and label, or a refusal."""
    if isinstance(outcome, Refusal):
        console.print(escape(outcome.message), style="yellow")
        return
    console.print(escape(outcome.text))
    console.print()
    for citation in outcome.citations:
        passage = citation.passage
        page = f", page {passage.first_page}" if passage.first_page else ""
        where = f"{passage.dataset_title}: {passage.document_name}{page}"
        console.print(escape(f"[{citation.number}] {where}" + (f" ({passage.heading})" if passage.heading else "")))
        console.print(escape(f"    “{citation.quote}”"), style="dim")
    console.print(f"\nThis answer is {outcome.label}.", style="dim")
    if outcome.left_out:
        console.print(f"{outcome.left_out} passages were left out: your reading budget did not hold them.", style="dim")
