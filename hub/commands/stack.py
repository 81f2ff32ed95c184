"""`hub up`, `down`, `status`, `doctor`, `migrate`: the embedded stack on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from catalog.settings import load
from hub.commands.output import console, show_json, show_table
from hub.stack import doctor as machine
from hub.stack import stack
from hub.stack.settings import StackSettings
from hub.stack.site import Told
from hub.stack.status import PartStatus, Status
from hub.stack.status import status as look

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DataDir = Annotated[Path | None, typer.Option(help="The data folder; else HUB_DATA_DIR, else ./.hub.")]

NOT_RUNNING = 1
UNFIT = 4


def settings_for(data_dir: Path | None) -> StackSettings:
    """Return the settings, with the folder named on the command line first."""
    return load(StackSettings, data_dir=data_dir) if data_dir else load(StackSettings)


def register(app: typer.Typer) -> None:
    """Add the stack's commands to the command line."""
    for command in (up, down, status, doctor, migrate):
        app.command()(command)


def up(
    data_dir: DataDir = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Where this site stands: DE, CA-QC. Asked once.")] = None,
    site: Annotated[str | None, typer.Option(help="The site's name; default: main.")] = None,
    operator: Annotated[str | None, typer.Option(help="Who operates it, for the register of places.")] = None,
    legal_control: Annotated[
        list[str] | None, typer.Option(help="Countries whose law can reach the operator; may be repeated.")
    ] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Run in the background.")] = False,
    as_json: Json = False,
) -> None:
    """Start the hub, or go on where it stopped. Ctrl-C stops all of it.

    Example: hub up --jurisdiction DE
    """
    settings = settings_for(data_dir)
    told = Told(
        site=site,
        jurisdiction=jurisdiction,
        operator=operator,
        legal_control=tuple(legal_control) if legal_control else None,
    )
    if detach:
        pid = stack.up_detached(settings, told)
        _tell_up(settings, as_json=as_json, pid=pid)
        return
    stack.up(settings, told, echo=_echo, when_up=lambda: _tell_up(settings, as_json=as_json, pid=None))


def down(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Stop the hub with all its parts; what it stored stays.

    Example: hub down
    """
    stopped = stack.down(settings_for(data_dir))
    if as_json:
        show_json({"stopped": stopped})
    else:
        console.print("The hub has stopped." if stopped else "The hub was not running.")


def status(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Show what runs, what it weighs, which walls hold and what may therefore be served. Exit code 1: not up.

    Example: hub status --json
    """
    found = look(settings_for(data_dir).data_dir)
    if as_json:
        show_json(found)
    else:
        _show(found)
    if not found.up:
        raise typer.Exit(NOT_RUNNING)


def doctor(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Say whether this machine is fit for the hub, and what to do where it isn't. Exit code 4: it is not.

    Example: hub doctor
    """
    findings = machine.examine(settings_for(data_dir))
    if as_json:
        show_json({"fit": machine.fit(findings), "findings": findings})
    else:
        rows = [
            {"look at": one.name, "verdict": one.verdict.value, "found": one.found, "wanted": one.wanted or None,
             "to do": one.remedy or None}
            for one in findings
        ]  # fmt: skip
        show_table(rows, columns=("look at", "verdict", "found", "wanted", "to do"), empty="Nothing was looked at.")
    if not machine.fit(findings):
        raise typer.Exit(UNFIT)


def migrate(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Bring the database's schema to this version's; `hub up` does it by itself.

    Example: hub migrate
    """
    stack.migrate_now(settings_for(data_dir))
    if as_json:
        show_json({"migrated": True})
    else:
        console.print("The schema is today's.")


def _echo(sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _tell_up(settings: StackSettings, *, as_json: bool, pid: int | None) -> None:
    found = look(settings.data_dir)
    if as_json:
        show_json(found)
        return
    stop = f"It runs in the background (process {pid}); `hub down` stops it." if pid else "Ctrl-C stops it."
    _echo(f"The hub is up in {found.jurisdiction}. {stop} Next: hub dataset --help")
    for sentence in found.advice:
        _echo(sentence)


def _show(found: Status) -> None:
    head = "up" if found.up else f"not up ({found.state})"
    _echo(f"{found.data_dir}: {head} since {found.since}, site {found.site} in {found.jurisdiction}")
    columns = ("part", "state", "process", "since", "restarts", "memory", "walls that hold")
    show_table([_row(part) for part in found.parts], columns=columns, empty="No part was ever started.")
    _echo(f"Memory of all parts: {found.memory_bytes >> 20} MiB. Served: {', '.join(found.served) or 'nothing'}.")
    for sentence in found.advice:
        _echo(sentence)
    _echo(", ".join(f"{name} {version}" for name, version in found.versions.items()))


def _row(part: PartStatus) -> dict[str, object]:
    holding = [name for name, holds in part.walls.items() if holds]
    return {
        "part": part.name,
        "state": part.state,
        "process": part.pid,
        "since": part.since,
        "restarts": part.restarts,
        "memory": f"{part.memory_bytes >> 20} MiB in {part.processes}" if part.pid else None,
        "walls that hold": ", ".join(holding) or None,
    }
