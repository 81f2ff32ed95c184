"""`hub ask`: a question, as a verified person, streamed to a cited answer."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer
from rich.live import Live
from rich.text import Text

from catalog.vocabulary import Purpose
from hub.commands.output import REFUSED, console, counted, errors, say, show_json
from hub.listening import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from hub.answers import Answer, Refusal

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Terminal:
    """Shows stages, and on a terminal the draft as it is written; the draft goes when the checked answer comes."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._draft = Text(style="dim")
        self._live = Live(self._draft, console=errors, transient=True, auto_refresh=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def stage(self, stage: Stage, count: int = 0) -> None:
        """Say what happens now."""
        if not self._quiet:
            say(f"{stage.words(count)} …", style="dim", to=errors)

    def piece(self, text: str) -> None:
        """Show the draft as it comes."""
        if not self._quiet and errors.is_terminal:
            self._draft.append(text)
            self._live.start()
            self._live.refresh()


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    person: Annotated[str | None, typer.Option("--as", help="Who asks (signed in by the development key).")] = None,
    token: Annotated[str | None, typer.Option(help="An access token instead of --as.", envvar="HUB_TOKEN")] = None,
    purpose: Annotated[Purpose, typer.Option(help="What for.")] = Purpose.RESEARCH,
    as_json: Json = False,
) -> None:
    """Ask a question and get a cited answer, or a refusal that says what to do (exit code 3).

    As yourself, once you have signed in by `hub login`; the hub's operator asks for others by --as.

    Example: hub ask "Who maintains the dykes?"
    """
    started = time.monotonic()
    if person is None and token is None:
        _ask_as_oneself(question, purpose, as_json=as_json)
        return
    with Terminal(quiet=as_json) as terminal:
        terminal.stage(Stage.CHECKING)
        outcome = _outcome(question, person, token, purpose, terminal)
    from hub.answers import Refusal

    refused = isinstance(outcome, Refusal)
    if as_json:
        shown = {"refusal" if refused else "answer": outcome}
        show_json({"took_s": round(time.monotonic() - started, 2), **shown})
    else:
        show_outcome(outcome)
    if refused:
        raise typer.Exit(REFUSED)


def _ask_as_oneself(question: str, purpose: Purpose, *, as_json: bool) -> None:
    from catalog.settings import load
    from hub.identity.asking import ask_api
    from hub.identity.device import IssuerClient
    from hub.identity.own_token import own_token
    from hub.identity.settings import PersonSettings

    started, settings = time.monotonic(), load(PersonSettings)
    with Terminal(quiet=as_json) as terminal:
        own = own_token(settings.token_place, IssuerClient)
        end, said = ask_api(settings.api_url, own, question, purpose, terminal)
    if as_json:
        show_json({"took_s": round(time.monotonic() - started, 2), end: said})
    elif end == "refusal":
        say(str(said.get("message", "")), style="yellow")
    else:
        _show_said(said)
    if end == "refusal":
        raise typer.Exit(REFUSED)


def _show_said(said: "Mapping[str, Any]") -> None:
    """Print an answer as the API says it."""
    say(str(said["text"]))
    console.print()
    passages = {passage["id"]: passage for passage in said["passages"]}
    for citation in said["citations"]:
        passage = passages[citation["passage_id"]]
        place = (passage["dataset"]["title"], passage["document"]["name"], passage["first_page"], passage["heading"])
        say(_source(citation["number"], *place))
        say(f"    “{citation['quote']}”", style="dim")
    _show_label(said["label"], said["process_in"], said["left_out"], said["apart"], cut=said["cut"])


def _outcome(
    question: str, person: str | None, token: str | None, purpose: Purpose, terminal: Terminal
) -> "Answer | Refusal":
    from hub.local import services, subject_of

    subject = subject_of(person, token)
    from hub.ask import ask as ask_hub

    with services() as hub:
        return ask_hub(question, subject, purpose, hub, terminal)


def show_outcome(outcome: "Answer | Refusal") -> None:
    """Print an answer with its sources and label, or a refusal."""
    from hub.answers import Refusal

    if isinstance(outcome, Refusal):
        say(outcome.message, style="yellow")
        return
    say(outcome.text)
    console.print()
    for citation in outcome.citations:
        passage = citation.passage
        place = (passage.dataset_title, passage.document_name, passage.first_page, passage.heading)
        say(_source(citation.number, *place))
        say(f"    “{citation.quote}”", style="dim")
    _show_label(outcome.label, outcome.process_in, outcome.left_out, outcome.apart, cut=outcome.cut)


def _show_label(label: str, process_in: "Sequence[str]", passages_left_out: int, apart: int, *, cut: bool) -> None:
    where = f"may be processed in {', '.join(process_in)}" if process_in else "may be processed nowhere else"
    say(f"\nThis answer is {label}; it {where}.", style="dim")
    if cut:
        say("It ends where it would have repeated more of its documents word for word. `hub search` shows them.")
    if passages_left_out:
        say(left_out(passages_left_out), style="dim")
    if apart:
        say(f"Left out, as no one model may process it with the rest: {counted(apart, 'passage')}.", style="dim")


def left_out(passages: int) -> str:
    """Return the sentence for passages the budget did not hold."""
    were = "was" if passages == 1 else "were"
    return f"{counted(passages, 'passage')} {were} left out: your reading budget did not hold more."


def _source(number: int, dataset: str, document: str, first_page: int | None, heading: str) -> str:
    page = f", page {first_page}" if first_page else ""
    return f"[{number}] {dataset}: {document}{page}{f' ({heading})' if heading else ''}"
