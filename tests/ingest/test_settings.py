"""What the worker must be told, and which store it then opens."""

from pathlib import Path
from typing import Any

import pytest

from catalog.errors import SettingsError
from catalog.objects import FolderStore, S3Store
from catalog.settings import load
from ingest.settings import WorkerSettings

TOLD: dict[str, Any] = {
    "site": "site",
    "database_place": "database",
    "store_place": "store",
    "worker_place": "worker",
    "endpoint_place": "endpoint",
    "zone_place": "zone",
    "sealed": True,
    "database_socket_dir": "/run/hub",
    "database_password": "word",
    "model_socket": "/run/model.sock",
    "parser_socket": "/run/parser.sock",
    "objects_dir": "/objects",
}
BUCKET = {
    "objects_dir": None,
    "s3_endpoint": "127.0.0.1:9000",
    "s3_bucket": "originals",
    "s3_access_key": "hub",
    "s3_secret_key": "secret",
    "s3_tls": False,
}


def settings(**more: object) -> WorkerSettings:
    return load(WorkerSettings, **{**TOLD, **more})


def test_a_folder_is_opened_where_one_is_named(tmp_path: Path) -> None:
    store = settings(objects_dir=tmp_path).store("store")
    assert isinstance(store, FolderStore)
    assert store.place == "store"


def test_a_bucket_is_opened_where_one_is_named() -> None:
    told = settings(**BUCKET)
    store = told.store(told.store_place)
    assert isinstance(store, S3Store)
    assert store.place == "store"


def test_a_key_never_shows() -> None:
    assert "'secret'" not in f"{settings(**BUCKET)} {settings(**BUCKET)!r}"


@pytest.mark.parametrize("name", sorted(set(TOLD) - {"objects_dir"}))
def test_a_worker_that_was_not_told_something_names_it(name: str) -> None:
    with pytest.raises(SettingsError, match=f"HUB_{name.upper()}"):
        load(WorkerSettings, **{key: value for key, value in TOLD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("worker_concurrency", 0),
        ("worker_concurrency", 17),
        ("worker_max_attempts", 0),
        ("worker_max_deaths", 101),
        ("worker_stalled_after_s", 1),
        ("max_document_bytes", 0),
        ("max_document_bytes", 2**31 + 1),
        ("max_text_characters", 0),
        ("parser_cpu_s_per_10_mib", 0),
        ("parser_wall_factor", 101),
        ("model_timeout_s", 0),
        ("worker_name", ""),
        ("worker_name", "w" * 61),
        ("sealed", "perhaps"),
        ("no_such_setting", 1),
    ],
)
def test_a_value_outside_its_bounds_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"HUB_{name.upper()}"):
        settings(**{name: value})
