"""`hub up`, `down`, `status`, `doctor`, `migrate`: the embedded stack on this machine."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.commands.output import say, show_json, show_table

if TYPE_CHECKING:
    from hub.stack.settings import StackSettings
    from hub.stack.status import PartStatus, Status

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DataDir = Annotated[Path | None, typer.Option(help="The data folder; else HUB_DATA_DIR, else ./.hub.")]

NOT_RUNNING = 1
UNFIT = 4


def settings_for(data_dir: Path | None) -> "StackSettings":
    """Return the settings, with the folder named on the command line first."""
    from catalog.settings import load
    from hub.stack.settings import StackSettings

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
    from hub.stack import stack
    from hub.stack.site import Told

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
    stack.up(settings, told, echo=say, when_up=lambda: _tell_up(settings, as_json=as_json, pid=None))


def down(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Stop the hub with all its parts; what it stored stays.

    Example: hub down
    """
    from hub.stack import stack

    stopped = stack.down(settings_for(data_dir))
    if as_json:
        show_json({"stopped": stopped})
    else:
        say("The hub has stopped." if stopped else "The hub was not running.")


def status(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Show what runs, what it weighs, which walls hold and what may therefore be served. Exit code 1: not up.

    Example: hub status --json
    """
    from hub.stack.status import status as look

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
    from hub.stack import doctor as machine

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
    from hub.stack import stack

    stack.migrate_now(settings_for(data_dir))
    if as_json:
        show_json({"migrated": True})
    else:
        say("The schema is today's.")


def _tell_up(settings: "StackSettings", *, as_json: bool, pid: int | None) -> None:
    from hub.stack.status import status as look

    found = look(settings.data_dir)
    if as_json:
        show_json(found)
        return
    stop = f"It runs in the background (process {pid}); `hub down` stops it." if pid else "Ctrl-C stops it."
    say(f"The hub is up in {found.jurisdiction}. {stop} Next: hub dataset --help")
    for sentence in found.advice:
        say(sentence)


def _show(found: "Status") -> None:
    head = "up" if found.up else f"not up ({found.state})"
    where = f", site {found.site} in {found.jurisdiction}" if found.site else ""
    say(f"{found.data_dir}: {head}{f' since {_time(found.since)}' if found.since else ''}{where}")
    columns = ("part", "state", "process", "since", "restarts", "memory", "walls")
    show_table([_row(part) for part in found.parts], columns=columns, empty="No part was ever started.")
    if found.up:
        say(f"Memory of all parts: {found.memory_bytes >> 20} MiB. Served: {', '.join(found.served)}.")
    for one in found.models:
        origins = ", ".join(one.origins) if one.known else ", ".join([*one.origins, "unknown"])
        say(f"Model {one.name} ({one.kind}) stands at {one.place} in {one.jurisdiction}; it comes from {origins}.")
    for sentence in found.advice:
        say(sentence)
    if not found.up:
        say("Start it with `hub up`.")
    say(", ".join(f"{name} {version}" for name, version in found.versions.items()), style="dim")


def _row(part: "PartStatus") -> dict[str, object]:
    return {
        "part": part.name,
        "state": part.state,
        "process": part.pid,
        "since": _time(part.since) if part.since else None,
        "restarts": part.restarts,
        "memory": f"{part.memory_bytes >> 20} MiB" if part.pid else None,
        "walls": f"{sum(part.walls.values())} of {len(part.walls)} hold" if part.walls else None,
    }


def _time(stamp: str) -> str:
    """Return an ISO 8601 time as people read it: to the minute, in UTC."""
    return datetime.fromisoformat(stamp).astimezone(UTC).strftime("%Y-%m-%d %H:%M")
