"""`hub search`: the passages themselves, as a verified person; each one shown is charged like one in an answer."""

from typing import TYPE_CHECKING, Annotated

import typer

from catalog.vocabulary import Purpose
from hub.commands.ask import Terminal, left_out
from hub.commands.output import REFUSED, console, say, show_json
from hub.listening import Stage

if TYPE_CHECKING:
    from hub.answers import Refusal
    from hub.search import Found

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    person: Annotated[str | None, typer.Option("--as", help="Who asks (signed in by the development key).")] = None,
    token: Annotated[str | None, typer.Option(help="An access token instead of --as.", envvar="HUB_TOKEN")] = None,
    purpose: Annotated[Purpose, typer.Option(help="What for.")] = Purpose.RESEARCH,
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many passages.")] = 5,
    as_json: Json = False,
) -> None:
    """Search, and read the passages found.

    Example: hub search "flood of 1962" --as ada --limit 3
    """
    with Terminal(quiet=as_json) as terminal:
        terminal.stage(Stage.CHECKING)
        outcome = _outcome(question, person, token, purpose, limit)
    from hub.answers import Refusal

    if isinstance(outcome, Refusal):
        show_json({"refusal": outcome}) if as_json else say(outcome.message, style="yellow")
        raise typer.Exit(REFUSED)
    if as_json:
        show_json(outcome)
    else:
        _show(outcome)


def _outcome(question: str, person: str | None, token: str | None, purpose: Purpose, limit: int) -> "Found | Refusal":
    from hub.local import services, subject_of

    subject = subject_of(person, token)
    from hub.search import search as search_hub

    with services() as hub:
        return search_hub(question, subject, purpose, hub, limit)


def _show(found: "Found") -> None:
    for rank, passage in enumerate(found.passages, start=1):
        page = f", page {passage.first_page}" if passage.first_page else ""
        say(f"{rank}. {passage.dataset_title}: {passage.document_name}{page}", style="bold")
        say(passage.body.strip())
        console.print()
    if found.left_out:
        say(left_out(found.left_out), style="dim")
