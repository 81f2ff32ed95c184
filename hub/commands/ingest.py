"""`hub ingest`: hand files in and watch what becomes of them."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog import datasets
from catalog.objects import FolderStore
from catalog.progress import Outcome, outcomes, progress
from catalog.vocabulary import SubmissionId
from hub.commands.connect import api_settings, data_folder, operator_session
from hub.commands.output import console, errors, show_json
from hub.submit import Handed, files_below, hand_in, require_allowed

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    dataset: Annotated[str, typer.Option(help="Which dataset they belong to.")],
    wait: Annotated[bool, typer.Option(help="Watch until all are taken in or refused.")] = True,
    as_json: Json = False,
) -> None:
    """Hand documents in; refused ones are listed with the reason, unchanged ones are skipped.

    Example: hub ingest ./reports --dataset rivers
    """
    started = time.monotonic()
    folder = data_folder()
    files = list(files_below(paths))
    settings = api_settings(folder)
    store = FolderStore(folder.objects_dir, place=settings.store_place)
    with operator_session() as session:
        found = datasets.find(session, dataset)
        require_allowed(session, found.id, settings)
    with errors.status("Storing …"), operator_session() as session:
        handed = hand_in(session, store, found.id, files)
    if wait:
        watch(handed.submission_id, quiet=as_json)
    with operator_session() as session:
        settled = outcomes(session, handed.submission_id)
    if as_json:
        show_json({"took_s": round(time.monotonic() - started, 2), "handed_in": handed, "documents": settled})
        return
    _report(handed, settled, started, waited=wait)


def watch(submission_id: SubmissionId, *, quiet: bool) -> None:
    """Show progress with rate and time left until nothing of the submission waits."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    started = time.monotonic()
    with Progress(*columns, console=errors, disable=quiet, transient=True) as bar:
        task = bar.add_task("Taking in", total=None, rate="")
        while True:
            with operator_session() as session:
                state = progress(session, submission_id)
            done = state.submitted - state.waiting
            rate = done / max(time.monotonic() - started, 0.1)
            bar.update(task, total=state.submitted, completed=done, rate=f"{rate:.1f} documents/s")
            if not state.waiting:
                return
            time.sleep(0.3)


def _report(handed: Handed, settled: Sequence[Outcome], started: float, *, waited: bool) -> None:
    for name, reason in handed.unreadable:
        errors.print(escape(f"{name}: could not be opened: {reason}"), style="yellow")
    for one in settled:
        if one.state in {"refused", "held"}:
            detail = f": {one.detail}" if one.detail else ""
            errors.print(escape(f"{one.name}: {one.reason}{detail}"), style="yellow")
    published = sum(one.state == "published" for one in settled)
    refused = sum(one.state == "refused" for one in settled)
    if not waited:
        console.print(f"{len(settled)} documents are in the queue. `hub ingest` again shows nothing new once done.")
        return
    console.print(
        f"{published} published, {refused} refused, {handed.unchanged} unchanged, "
        f"{len(handed.unreadable)} unreadable, in {time.monotonic() - started:.1f} s."
    )
