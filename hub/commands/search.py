"""`hub search`: the passages themselves, as a verified person; each one shown is charged like one in an answer."""

from typing import TYPE_CHECKING, Annotated

import typer

from catalog.vocabulary import Purpose, RefusalKind
from hub.commands.ask import Terminal, left_out
from hub.commands.output import REFUSED, console, say, show_json

if TYPE_CHECKING:
    from catalog.disclosure import Disclosure
    from catalog.policy.model import Scope

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
        terminal.stage("Checking who asks")
        scope, found = _found(question, person, token, purpose, limit)
    if not found.passages:
        from hub.answers import refusal

        refused = refusal(RefusalKind.NOTHING_FOUND if scope.dataset_ids else RefusalKind.NOT_PERMITTED)
        show_json({"refusal": refused}) if as_json else say(refused.message, style="yellow")
        raise typer.Exit(REFUSED)
    if as_json:
        show_json(found)
    else:
        _show(found)


def _found(
    question: str, person: str | None, token: str | None, purpose: Purpose, limit: int
) -> "tuple[Scope, Disclosure]":
    from hub.local import services, subject_of

    subject = subject_of(person, token)
    from hub.ask import permitted
    from hub.guardrails.question import checked
    from hub.retrieve import retrieve

    with services() as hub:
        plain = checked(question, max_characters=hub.settings.max_question_characters)
        scope = permitted(subject, purpose, hub)
        return scope, retrieve(plain, scope, hub, limit=limit)


def _show(found: "Disclosure") -> None:
    for rank, passage in enumerate(found.passages, start=1):
        page = f", page {passage.first_page}" if passage.first_page else ""
        say(f"{rank}. {passage.dataset_title}: {passage.document_name}{page}", style="bold")
        say(passage.body.strip())
        console.print()
    if found.left_out:
        say(left_out(found.left_out), style="dim")
