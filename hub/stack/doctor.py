"""`hub doctor`: is this machine fit for the hub? Floors of versions, walls, room; each with what to do."""

import ctypes
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from catalog.errors import DataHubError
from hub.seal import landlock
from hub.stack.binaries import installed
from hub.stack.folder import RUN_DIR_MAX_CHARS
from hub.stack.settings import StackSettings
from hub.stack.stack import proxies

Version = tuple[int, ...]

#: The oldest version of each package without a known hole; a package that isn't installed has none.
PACKAGE_FLOORS: Final[Mapping[str, str]] = {
    "pillow": "12.3",
    "authlib": "1.6.9",
    "PyJWT": "2.13",
    "pdfminer.six": "20251230",
}
POSTGRES_FLOORS: Final[Mapping[int, str]] = {17: "17.10", 18: "18.4"}
PGVECTOR_FLOOR: Final = "0.8.4"
LIBSECCOMP_FLOOR: Final = "2.5"
KERNEL_FLOOR: Final = "5.13"  # Landlock
PYTHON_FLOOR: Final = "3.11"


class Verdict(StrEnum):
    """What a finding means."""

    OK = "ok"
    ADVICE = "advice"  # the hub runs; this would be better
    WRONG = "wrong"  # the hub refuses to run like this


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One look at the machine."""

    name: str
    verdict: Verdict
    found: str
    wanted: str = ""
    remedy: str = ""


def examine(settings: StackSettings) -> list[Finding]:
    """Look at everything; a look that fails is a finding too."""
    looks: tuple[Callable[[], list[Finding]], ...] = (
        lambda: [_at_least("python", ".".join(map(str, sys.version_info[:3])), PYTHON_FLOOR, "Install Python 3.11.")],
        lambda: [_at_least("kernel", os.uname().release, KERNEL_FLOOR, "Use Linux 5.13 or newer.", Verdict.ADVICE)],
        _database,
        _packages,
        _walls,
        lambda: _folder(settings),
        lambda: _models(settings.data_dir / "models"),
        lambda: _environment(os.environ),
    )
    return [finding for look in looks for finding in _safely(look)]


def fit(findings: list[Finding]) -> bool:
    """Say whether the hub may run here."""
    return not any(finding.verdict is Verdict.WRONG for finding in findings)


def version(text: str) -> Version:
    """Return the leading numbers of a version, for comparison: `18.6 (Debian)` → (18, 6)."""
    match = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(number) for number in match.group().split(".")) if match else ()


def _at_least(name: str, found: str, floor: str, remedy: str, otherwise: Verdict = Verdict.WRONG) -> Finding:
    enough = version(found) >= version(floor)
    return Finding(
        name=name,
        verdict=Verdict.OK if enough else otherwise,
        found=found,
        wanted=f">= {floor}",
        remedy="" if enough else remedy,
    )


def _safely(look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except (DataHubError, OSError, subprocess.SubprocessError) as error:
        return [Finding(name="doctor", verdict=Verdict.WRONG, found=str(error), remedy="Mend this, then look again.")]


def _database() -> list[Finding]:
    home = installed()
    said = subprocess.run([home / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603  # the wheel's own
    postgres = said.split()[-1]
    control = (home / "share" / "extension" / "vector.control").read_text(encoding="utf-8")
    match = re.search(r"default_version = '([^']+)'", control)
    floor = POSTGRES_FLOORS.get(version(postgres)[0], POSTGRES_FLOORS[max(POSTGRES_FLOORS)])
    again = "Run `make install` again."
    return [
        _at_least("postgresql", postgres, floor, again),
        _at_least("pgvector", match.group(1) if match else "none", PGVECTOR_FLOOR, again),
    ]


def _packages() -> list[Finding]:
    findings = []
    for name, floor in PACKAGE_FLOORS.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        findings.append(_at_least(name, found, floor, "Run `make install` again."))
    return findings


def _walls() -> list[Finding]:
    abi = landlock.abi()
    allowed = _user_namespaces()
    return [
        _libseccomp(),
        Finding(
            name="user namespaces",
            verdict=Verdict.OK if allowed is None else Verdict.ADVICE,
            found="allowed" if allowed is None else allowed,
            wanted="allowed",
            remedy="" if allowed is None else "Without them only public and internal data are served.",
        ),
        Finding(
            name="landlock",
            verdict=Verdict.OK if abi else Verdict.ADVICE,
            found=f"version {abi}" if abi else "none",
            wanted="version 1 or newer",
            remedy="" if abi else "Boot with lsm=landlock (Linux 5.13 or newer); without, files are not closed.",
        ),
    ]


def _libseccomp() -> Finding:
    remedy = "Install it: apt-get install libseccomp2"
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return Finding(name="libseccomp", verdict=Verdict.WRONG, found="none", wanted=">= 2.5", remedy=remedy)
    library.seccomp_version.restype = ctypes.POINTER(ctypes.c_uint * 3)
    return _at_least("libseccomp", ".".join(map(str, library.seccomp_version().contents)), LIBSECCOMP_FLOOR, remedy)


def _user_namespaces() -> str | None:
    """Try it in a process of its own; return why it is forbidden, None when it is allowed."""
    program = (
        "from hub.seal import namespaces\n"
        "try: namespaces.enter_with_own_user()\n"
        "except OSError as error: print(namespaces.why_not(error))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False)  # noqa: S603  # ourselves
    return done.stdout.strip() or (None if done.returncode == 0 else "could not be tried")


def _folder(settings: StackSettings) -> list[Finding]:
    root = settings.data_dir.absolute()
    nearest = next(path for path in (root, *root.parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    floor = settings.free_disk_min_bytes
    writable = os.access(nearest, os.W_OK | os.X_OK)
    sockets = str(root / "run")
    short = len(os.fsencode(sockets)) <= RUN_DIR_MAX_CHARS
    return [
        Finding(
            name="data folder",
            verdict=Verdict.OK if writable else Verdict.WRONG,
            found=f"{root}{'' if root.exists() else ' (not made yet)'}",
            wanted="writable",
            remedy="" if writable else "Set HUB_DATA_DIR to a folder you may write to.",
        ),
        Finding(
            name="disk",
            verdict=Verdict.OK if free >= floor else Verdict.WRONG,
            found=f"{free >> 20} MiB free",
            wanted=f">= {floor >> 20} MiB",
            remedy="" if free >= floor else "Free some space or set HUB_DATA_DIR to another disk.",
        ),
        Finding(
            name="socket path",
            verdict=Verdict.OK if short else Verdict.ADVICE,
            found=f"{len(os.fsencode(sockets))} characters",
            wanted=f"<= {RUN_DIR_MAX_CHARS}",
            remedy="" if short else f"Sockets will lie below {tempfile.gettempdir()} instead.",
        ),
    ]


def _models(models_dir: Path) -> list[Finding]:
    from hub.models.registry import Registry

    models = Registry(models_dir).all()
    get = "Run `hub models fetch`, or bring your own: hub models import PATH"
    if not models:
        return [Finding(name="models", verdict=Verdict.WRONG, found="none", wanted="embedding, chat", remedy=get)]
    absent = [file.path for model in models for file in model.files if not (models_dir / file.path).is_file()]
    return [
        Finding(
            name="models",
            verdict=Verdict.WRONG if absent else Verdict.OK,
            found=f"missing: {', '.join(absent)}" if absent else ", ".join(model.name for model in models),
            wanted="every registered file",
            remedy=get if absent else "",
        )
    ]


def _environment(environment: Mapping[str, str]) -> list[Finding]:
    names = proxies(environment)
    return [
        Finding(
            name="proxy variables",
            verdict=Verdict.ADVICE if names else Verdict.OK,
            found=", ".join(names) or "none",
            remedy="They are ignored: no part of the hub uses a proxy." if names else "",
        )
    ]
