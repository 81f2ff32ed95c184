"""Where this hub keeps its originals: the data folder, or the S3 bucket it was first started with."""

import os
from collections.abc import Mapping

from catalog.errors import SettingsError
from catalog.objects import FolderStore, S3Store
from catalog.settings import load
from catalog.store_settings import StoreSettings
from hub.stack.folder import DataFolder, read_json, write_private

PREFIX = "HUB_S3_"
_FOLDER = "folder"


def originals(folder: DataFolder, place: str) -> FolderStore | S3Store:
    """Return the store this hub was started with. SettingsError when the environment names another."""
    settings = told_store(folder)
    _refuse_to_change(folder, settings.identity)
    return settings.store(place)


def settle_store(folder: DataFolder, place: str) -> StoreSettings:
    """Return the store's settings for `hub up`, its bucket made ready. DependencyError when the server is away."""
    settings = told_store(folder)
    _refuse_to_change(folder, settings.identity)
    if settings.objects_dir is None:
        settings.bucket(place).prepare_bucket()
    if settings.identity != _known(folder):
        write_private(folder.root / "store.json", {"store": settings.identity})
    return settings


def told_store(folder: DataFolder, environment: Mapping[str, str] = os.environ) -> StoreSettings:
    """Return what the environment says: S3 where one of its variables is set, else the data folder."""
    if any(name.startswith(PREFIX) and value for name, value in environment.items()):
        return load(StoreSettings)
    return load(StoreSettings, objects_dir=folder.objects_dir)


def store_variables(store: StoreSettings, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that tell a part of the store."""
    if store.objects_dir is not None:
        return {"HUB_OBJECTS_DIR": str(store.objects_dir)}
    return {name: value for name, value in environment.items() if name.startswith(PREFIX)}


def _known(folder: DataFolder) -> str | None:
    return read_json(folder.root / "store.json").get("store")


def _refuse_to_change(folder: DataFolder, identity: str) -> None:
    known = _known(folder)
    if known in {None, identity}:
        return
    remedy = f"Unset the {PREFIX}… variables." if known == _FOLDER else f"Set the {PREFIX}… variables it was told then."
    raise SettingsError(f"This hub keeps its originals in {known}, and the environment names {identity}. {remedy}")
