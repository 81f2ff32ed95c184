"""One hub, one store for its originals: told at its first start, never changed unnoticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from catalog.errors import SettingsError
from catalog.objects import FolderStore, S3Store
from catalog.settings import load
from catalog.store_settings import StoreSettings
from hub.seal.plan import PLAN
from hub.stack.folder import DataFolder, read_json
from hub.stack.originals import originals, settle_store, told_store

BUCKET = {
    "HUB_S3_ENDPOINT": "127.0.0.1:9000",
    "HUB_S3_BUCKET": "originals",
    "HUB_S3_ACCESS_KEY": "hub",
    "HUB_S3_SECRET_KEY": "not for a message",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataFolder]:
    for name in (*BUCKET, "HUB_OBJECTS_DIR", "HUB_S3_REGION", "HUB_S3_TLS"):
        monkeypatch.delenv(name, raising=False)
    made = DataFolder.prepare(tmp_path / "hub")
    yield made
    made.clear_run_dir()


@pytest.fixture
def told(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # it clears the variables first
    for name, value in BUCKET.items():
        monkeypatch.setenv(name, value)


def test_without_a_word_originals_stay_in_the_data_folder(folder: DataFolder) -> None:
    store = originals(folder, "main-store")
    assert isinstance(store, FolderStore)
    assert store.place == "main-store"
    assert settle_store(folder, "main-store").objects_dir == folder.objects_dir
    assert read_json(folder.root / "store.json") == {"store": "folder"}


@pytest.mark.usefixtures("told")
def test_a_bucket_is_used_when_its_variables_are_set(folder: DataFolder) -> None:
    store = originals(folder, "main-store")
    assert isinstance(store, S3Store)
    assert store.place == "main-store"
    assert told_store(folder).identity == "s3://127.0.0.1:9000/originals"


def test_the_store_is_not_changed_under_documents_that_are_there(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_store(folder, "main-store")
    for name, value in BUCKET.items():
        monkeypatch.setenv(name, value)
    for act in (originals, settle_store):
        with pytest.raises(SettingsError, match="Unset the HUB_S3_") as refused:
            act(folder, "main-store")
        assert "not for a message" not in str(refused.value)


def test_a_command_that_was_not_told_of_the_bucket_says_so(folder: DataFolder) -> None:
    (folder.root / "store.json").write_text('{"store": "s3://127.0.0.1:9000/originals"}', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"Set the HUB_S3_… variables"):
        originals(folder, "main-store")


@pytest.mark.parametrize("missing", sorted(BUCKET))
@pytest.mark.usefixtures("told")
def test_a_bucket_without_all_it_needs_is_refused(
    folder: DataFolder, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError, match="HUB_S3_SECRET_KEY"):
        told_store(folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("s3_endpoint", "http://store.example:9000"),
        ("s3_endpoint", "store.example/path"),
        ("s3_endpoint", "user:word@store.example"),
        ("s3_endpoint", "store.example:123456"),
        ("s3_endpoint", ""),
        ("s3_bucket", "Originals"),
        ("s3_bucket", "a"),
        ("s3_bucket", "../originals"),
        ("s3_bucket", "originals/"),
        ("s3_bucket", "-originals"),
        ("s3_region", ""),
        ("s3_tls", "perhaps"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_is_no_endpoint_or_bucket_is_refused_by_its_name(field: str, value: str) -> None:
    keys = {"s3_access_key": SecretStr("k"), "s3_secret_key": SecretStr("not for a message")}
    values = {"s3_endpoint": "127.0.0.1:9000", "s3_bucket": "originals", **keys, field: value}
    with pytest.raises(SettingsError, match=f"HUB_{field.upper()}") as refused:
        load(StoreSettings, **values)
    assert "not for a message" not in str(refused.value)


@pytest.mark.usefixtures("folder")
def test_a_folder_and_a_bucket_are_one_store_too_many(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not both"):
        load(StoreSettings, objects_dir=tmp_path, s3_bucket="originals")


def test_no_store_is_told_what_to_set(folder: DataFolder) -> None:
    with pytest.raises(SettingsError, match="HUB_OBJECTS_DIR, or HUB_S3_ENDPOINT"):
        load(StoreSettings)
    assert told_store(folder, {"HUB_S3_ENDPOINT": ""}).objects_dir == folder.objects_dir


def test_only_who_speaks_to_a_bucket_and_the_ingress_may_speak_tcp() -> None:
    reaching = [part for part, row in PLAN.items() if row.reaches_network]
    assert reaching == ["worker-s3", "reader-s3", "api-s3", "ingress"]
    assert PLAN["worker-s3"].landlock
    assert PLAN["reader-s3"].landlock
    assert PLAN["api-s3"].landlock
    assert PLAN["ingress"].landlock
