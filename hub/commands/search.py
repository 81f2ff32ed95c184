"""`hub search`: the passages themselves, as a verified person; each one shown is charged like one in an answer."""

from typing import Annotated

import typer
from rich.markup import escape

from catalog.vocabulary import Purpose, RefusalKind
from hub.answers import refusal
from hub.ask import permitted
from hub.commands.connect import services, subject_of
from hub.commands.output import REFUSED, console, show_json
from hub.guardrails.question import checked
from hub.retrieve import retrieve

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
    subject = subject_of(person, token)
    with services() as hub:
        plain = checked(question, max_characters=hub.settings.max_question_characters)
        scope = permitted(subject, purpose, hub)
        found = retrieve(plain, scope, hub, limit=limit)
    if not found.passages:
        kind = RefusalKind.NOTHING_FOUND if scope.dataset_ids else RefusalKind.NOT_PERMITTED
        refused = refusal(kind)
        show_json({"refusal": refused}) if as_json else console.print(refused.message, style="yellow")
        raise typer.Exit(REFUSED)
    if as_json:
        show_json(found)
        return
    for rank, passage in enumerate(found.passages, start=1):
        page = f", page {passage.first_page}" if passage.first_page else ""
        console.print(escape(f"{rank}. {passage.dataset_title}: {passage.document_name}{page}"), style="bold")
        console.print(escape(passage.body.strip()))
        console.print()
    if found.left_out:
        console.print(f"{found.left_out} passages were left out: your reading budget did not hold them.", style="dim")
