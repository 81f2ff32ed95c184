"""`hub ingest`: hand files in and watch what becomes of them."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.vocabulary import SubmissionId
from hub.commands.bars import Counting
from hub.commands.document import Accessed, Forbidden, Level, Processed, Stored, own_tags
from hub.commands.output import NOT_TAKEN_IN, counted, errors, say, show_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.progress import Outcome
    from hub.submit import Handed

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def ingest(  # one option per tag
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    dataset: Annotated[str, typer.Option(help="Which dataset they belong to.")],
    classification: Level = None,
    store_in: Stored = [],  # noqa: B006  # typer copies it
    process_in: Processed = [],  # noqa: B006  # typer copies it
    access_from: Accessed = [],  # noqa: B006  # typer copies it
    forbid_legal_control: Forbidden = [],  # noqa: B006  # typer copies it
    wait: Annotated[bool, typer.Option(help="Watch until all are taken in or refused.")] = True,
    as_json: Json = False,
) -> None:
    """Hand documents in; refused ones are listed with the reason, unchanged ones are skipped.

    Tags make these documents stricter than their dataset; what is left out is the dataset's.
    Exit code 10: some files could not be opened, the others are in.

    Example: hub ingest ./reports --dataset rivers
    """
    started = time.monotonic()
    from catalog import datasets
    from catalog.progress import outcomes
    from hub.local import api_settings, data_folder, operator_session
    from hub.stack.originals import originals
    from hub.submit import files_below, hand_in, require, ruling_here

    folder = data_folder()
    with operator_session() as session:  # a name that isn't there is said before a large folder is walked
        dataset_id = datasets.find(session, dataset).id
    files = list(files_below(paths))
    settings = api_settings(folder)
    store = originals(folder, settings.store_place)
    own = own_tags(classification, store_in, process_in, access_from, forbid_legal_control)
    with operator_session() as session:
        ruling = ruling_here(session, dataset_id, settings, own, [name for name, _ in files])
    require(ruling)
    with Counting("Storing", "files", quiet=as_json) as bar:
        handed = hand_in(operator_session, store, dataset_id, files, lambda done: bar.show(done, len(files)), tags=own)
    if wait:
        watch(handed.submission_id, quiet=as_json)
    with operator_session() as session:
        settled = outcomes(session, handed.submission_id)
    if as_json:
        told = [{name: getattr(one, name) for name in ("name", "state", "reason", "detail")} for one in settled]
        show_json({"took_s": round(time.monotonic() - started, 2), "handed_in": handed, "documents": told})
    else:
        _report(handed, settled, started, waited=wait)
    if handed.unreadable:
        raise typer.Exit(NOT_TAKEN_IN)


def watch(submission_id: SubmissionId, *, quiet: bool) -> None:
    """Show progress with rate and time left until nothing of the submission waits."""
    from catalog.progress import progress
    from hub.local import operator_session

    with Counting("Taking in", "documents", quiet=quiet) as bar:
        while True:
            with operator_session() as session:
                state = progress(session, submission_id)
            bar.show(state.submitted - state.waiting, state.submitted)
            if not state.waiting:
                return
            time.sleep(0.3)


def _report(handed: "Handed", settled: "Sequence[Outcome]", started: float, *, waited: bool) -> None:
    for name, reason in handed.unreadable:
        say(f"{name}: could not be opened: {reason}", style="yellow", to=errors)
    for one in settled:
        if one.state in {"refused", "held"}:
            detail = f": {one.detail}" if one.detail else ""
            say(f"{one.name}: {one.reason}{detail}", style="yellow", to=errors)
    published = sum(one.state == "published" for one in settled)
    refused = sum(one.state == "refused" for one in settled)
    held = sum(one.state == "held" for one in settled)
    if not waited:
        waiting = sum(one.state == "quarantined" for one in settled)
        say(f"{counted(waiting, 'document')} in the queue. The same command again, once done, says they are unchanged.")
        return
    say(
        f"{published} published, {refused} refused, {handed.unchanged} unchanged, "
        f"{len(handed.unreadable)} unreadable, in {time.monotonic() - started:.1f} s."
        + (f" {counted(held, 'document')} held: decide with `hub document release` or `refuse`." if held else "")
    )
