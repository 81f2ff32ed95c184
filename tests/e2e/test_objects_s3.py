"""The object store suite on a live S3 server, and what only a bucket can do."""

import io
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.retention import Retention

from catalog.errors import ConflictError, DependencyError, SettingsError
from catalog.objects import ObjectStore, S3Store, s3_client
from catalog.vocabulary import Sha256
from tests.catalog.object_store_suite import ObjectStoreSuite
from tests.e2e.services import versitygw

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[versitygw.Server]:
    with versitygw.running(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def client(server: versitygw.Server) -> Minio:
    return s3_client(
        endpoint=server.endpoint, access_key=server.access_key, secret_key=server.secret_key,
        region=versitygw.REGION, tls=False, timeout_s=10,
    )  # fmt: skip


@pytest.fixture
def bucket() -> str:
    return f"originals-{secrets.token_hex(4)}"


class TestS3Store(ObjectStoreSuite):
    @pytest.fixture
    def store(self, client: Minio, bucket: str) -> ObjectStore:
        self.client, self.bucket = client, bucket
        store = S3Store(client, bucket, place="there")
        store.prepare_bucket()
        return store

    def damage(self, _: ObjectStore, sha256: Sha256) -> None:
        self.client.put_object(self.bucket, sha256, io.BytesIO(b"the 0riginal"), 12)

    def kept(self, _: ObjectStore) -> set[str]:
        found = self.client.list_objects(self.bucket, include_version=True)
        return {f"{item.object_name} {item.version_id}" for item in found}


def test_a_retained_original_is_not_let_go(client: Minio, bucket: str) -> None:
    store = S3Store(client, bucket, place="there")
    store.prepare_bucket(object_lock=True)
    stored = store.put(io.BytesIO(b"to be kept for years"))
    until = datetime.now(UTC) + timedelta(days=1)
    (version,) = client.list_objects(bucket, include_version=True)
    client.set_object_retention(bucket, stored.sha256, Retention(COMPLIANCE, until), version_id=version.version_id)
    with pytest.raises(ConflictError):
        store.remove(stored.sha256)
    with store.open(stored.sha256) as file:
        assert file.read() == b"to be kept for years"


def test_a_lock_cannot_be_asked_of_a_bucket_made_without(client: Minio, bucket: str) -> None:
    S3Store(client, bucket, place="there").prepare_bucket()
    with pytest.raises(SettingsError, match="new bucket"):
        S3Store(client, bucket, place="there").prepare_bucket(object_lock=True)


def test_a_bucket_that_is_there_is_used_again(client: Minio, bucket: str) -> None:
    store = S3Store(client, bucket, place="there")
    store.prepare_bucket()
    stored = store.put(io.BytesIO(b"x"))
    store.prepare_bucket()
    assert store.has(stored.sha256)


def test_a_wrong_key_is_said_in_words(server: versitygw.Server, client: Minio, bucket: str) -> None:
    S3Store(client, bucket, place="there").prepare_bucket()
    stranger = s3_client(
        endpoint=server.endpoint, access_key="test", secret_key="wrong" * 4, region=versitygw.REGION, tls=False
    )  # fmt: skip
    with pytest.raises(DependencyError, match="refused"):
        S3Store(stranger, bucket, place="there").put(io.BytesIO(b"x"))


def test_a_server_that_is_away_is_said_in_words(bucket: str) -> None:
    port = versitygw.free_port()
    client = s3_client(
        endpoint=f"127.0.0.1:{port}", access_key="a", secret_key="b" * 16, region="r", tls=False, timeout_s=1
    )  # fmt: skip
    with pytest.raises(DependencyError, match="can't be reached"):
        S3Store(client, bucket, place="there").put(io.BytesIO(b"x"))


def test_a_proxy_in_the_environment_is_not_used(client: Minio, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    store = S3Store(client, bucket, place="there")
    store.prepare_bucket()
    assert store.has(store.put(io.BytesIO(b"direct")).sha256)
