"""`hub demo`: a hub with a fictional district in it, for a first look."""

import time
from typing import Annotated, Any

import typer

from catalog.vocabulary import Purpose, SubmissionId
from hub.commands.ask import Terminal, show_outcome
from hub.commands.ingest import watch
from hub.commands.output import counted, errors, say, show_json, show_table
from hub.demo import ASKER, EXAMPLE

app = typer.Typer(no_args_is_help=True, help="A fictional district to try the hub with.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def run() -> None:
    """Start the hub with the demo in it, ask one question, and say what to try next. Ctrl-C stops all of it.

    Example: hub demo run
    """
    from catalog.settings import load as load_settings
    from hub.stack.settings import StackSettings
    from hub.stack.site import Told
    from hub.stack.stack import up

    up(load_settings(StackSettings), Told(jurisdiction="DE", site="varnholm"), echo=say, when_up=_first_look)


@app.command()
def load(as_json: Json = False) -> None:
    """Put the demo into the running hub; does nothing when it is there.

    Example: hub demo load
    """
    from hub.demo import nation

    if nation.is_loaded():
        show_json({"loaded": False}) if as_json else say("The demo is in this hub already.")
        return
    _load(quiet=as_json)
    show_json({"loaded": True}) if as_json else say("The demo is in this hub.")


@app.command()
def questions(
    person: Annotated[str, typer.Option("--as", help="Who asks.")] = ASKER,
    as_json: Json = False,
) -> None:
    """Ask the demo's forty questions (28 that a document ada may read answers, 12 that none does) and count.

    Example: hub demo questions --as mia
    """
    from hub.answers import Refusal
    from hub.demo import trial
    from hub.local import services, subject_of

    subject = subject_of(person, None)
    started = time.monotonic()
    with services() as hub, errors.status("Asking …") as status:
        trials = trial.run(subject, hub, lambda n, total: status.update(f"Asking {n} of {total} …"))
    answerable = [one for one in trials if one.question.document]
    unanswerable = [one for one in trials if not one.question.document]
    result: dict[str, Any] = {
        "person": person,
        "took_s": round(time.monotonic() - started, 1),
        "answerable": len(answerable),
        "right_passage_cited": sum(one.right for one in answerable),
        "unanswerable": len(unanswerable),
        "answered_all_the_same": sum(not one.right for one in unanswerable),
        "refused": sum(isinstance(one.outcome, Refusal) for one in trials),
    }
    rows = [
        {
            "question": one.question.question,
            "expected": one.question.document or "refusal",
            "got": one.outcome.kind if isinstance(one.outcome, Refusal) else one.outcome.text,
            "right": "yes" if one.right else "no",
        }
        for one in trials
    ]
    if as_json:
        show_json({**result, "questions": rows})
        return
    show_table(rows, columns=("question", "expected", "got", "right"), empty="")
    show_table([result], columns=tuple(result), empty="")


def _load(*, quiet: bool) -> None:
    from hub.demo import nation

    submissions = nation.load(lambda sentence: None if quiet else say(sentence, style="dim", to=errors))
    for submission in submissions:
        watch(submission, quiet=quiet)
    if not quiet:
        _say_settled(submissions)


def _say_settled(submissions: list[SubmissionId]) -> None:
    from catalog.progress import progress
    from hub.local import operator_session

    with operator_session() as session:
        states = [progress(session, one) for one in submissions]
    published = sum(one.published for one in states)
    say(f"{counted(published, 'document')} published, {sum(one.refused for one in states)} refused.", style="dim")


def _say_who() -> None:
    from hub.demo.people import people_to_try

    say("\nThe people of Varnholm, and what each of them is worth trying:", style="bold")
    rows = [
        {"person": slug, "name": name, "role": role, "try": sentence} for slug, name, role, sentence in people_to_try()
    ]
    show_table(rows, columns=("person", "name", "role", "try"), empty="")


def _first_look() -> None:
    from hub.ask import ask as ask_hub
    from hub.demo import nation
    from hub.local import services, subject_of

    if not nation.is_loaded():
        _load(quiet=False)
    say(f"\nAs {ASKER}: {EXAMPLE}", style="bold")
    subject = subject_of(ASKER, None)
    with services() as hub, Terminal(quiet=False) as terminal:
        outcome = ask_hub(EXAMPLE, subject, Purpose.RESEARCH, hub, terminal)
    show_outcome(outcome)
    _say_who()
    _say_how_to_come_in()
    say("Or in another terminal, from this folder:", style="bold")
    for line in (
        ".venv/bin/hub login                          # in a terminal, as one of them",
        '.venv/bin/hub ask "How many beds does the hospital St. Adalbert have?" --as ada',
        '.venv/bin/hub audit --reason "a first look"  # every act, with its decision; why one looks is kept too',
        ".venv/bin/hub status                         # parts, memory, walls",
    ):
        say(f"  {line}")
    say("Ctrl-C stops everything; `make run` goes on where it stopped.\n", style="dim")


def _say_how_to_come_in() -> None:
    from catalog.settings import load as load_settings
    from hub.local import data_folder
    from hub.stack.issuer.passwords import FILE, demo_password
    from hub.stack.settings import StackSettings

    folder = data_folder().issuer_dir
    say(f"\nOpen {load_settings(StackSettings).ui_url} and sign in as one of them.", style="bold")
    say(f"The password of all seven: {demo_password(folder)}   (made for this data folder: {folder / FILE})\n")
