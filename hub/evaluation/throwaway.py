"""A hub to measure on: the one that runs, or one of its own in a folder that is deleted afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import DataHubError
from catalog.settings import load
from hub.stack.folder import DataFolder
from hub.stack.settings import StackSettings
from hub.stack.site import Told
from hub.stack.stack import down, up_detached
from hub.stack.supervisor import running


@contextmanager
def hub_to_measure(*, own: bool = False) -> Iterator[None]:
    """Make sure a hub runs while measuring; HUB_DATA_DIR names it for everything called inside.

    `own`: a throw-away one in any case, for what would leave traces in the hub that runs.
    """
    settings = load(StackSettings)
    if not own and _runs(settings):
        yield
        return
    before = os.environ.get("HUB_DATA_DIR")
    folder = Path(tempfile.mkdtemp(prefix="hub-eval-"))
    folder.chmod(0o711)
    try:
        _lend_models(settings.data_dir / "models", folder / "models")
        os.environ["HUB_DATA_DIR"] = str(folder)
        throwaway = load(StackSettings, doors=False)  # nobody comes in
        up_detached(throwaway, Told(jurisdiction="DE", site="evaluation"))
        try:
            yield
        finally:
            down(throwaway)
    finally:
        os.environ.pop("HUB_DATA_DIR", None)
        if before is not None:
            os.environ["HUB_DATA_DIR"] = before
        shutil.rmtree(folder, ignore_errors=True)


def _runs(settings: StackSettings) -> bool:
    try:
        return running(DataFolder.existing(settings.data_dir)) is not None
    except DataHubError:
        return False


def _lend_models(source: Path, target: Path) -> None:
    """Hard-link (or copy, across disks) the weights: the throw-away hub runs the same models."""
    if not source.is_dir():
        return

    def link(a: str, b: str) -> str:
        try:
            os.link(a, b)
        except OSError:
            shutil.copy2(a, b)
        return b

    shutil.copytree(source, target, copy_function=link)
