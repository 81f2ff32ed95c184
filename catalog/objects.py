"""Originals, addressed by SHA-256, behind one protocol: a local folder or an S3 bucket; the only door to minio."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol
from uuid import uuid4

from catalog.addresses import Kept, Stored, address_of, copy_hashing, verifying
from catalog.errors import ConflictError, DependencyError, NotFoundError, SettingsError
from catalog.vocabulary import Sha256

if TYPE_CHECKING:
    from minio import Minio


class ObjectStore(Protocol):
    """Keeps originals. No address of it is ever given out: whoever reads does so through the hub."""

    @property
    def place(self) -> str:
        """The registered place it stands in."""
        ...

    def put(self, source: BinaryIO) -> Stored:
        """Keep what `source` yields, of any length; either all of it is kept or nothing. Again is the same."""
        ...

    def open(self, sha256: Sha256) -> AbstractContextManager[BinaryIO]:
        """Read an original from its start. NotFoundError; DependencyError at its end when its bytes have changed."""
        ...

    def has(self, sha256: Sha256) -> bool:
        """Say whether an original is kept."""
        ...

    def remove(self, sha256: Sha256) -> None:
        """Remove an original with all its versions. NotFoundError; ConflictError while a retention holds it."""
        ...

    def every(self) -> Iterator[Kept]:
        """Yield every object that lies in it, versions that were replaced too; what is no original by its own name."""
        ...


#: For writing only: whoever hands files in may hold no right to read what is kept.
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class FolderStore:
    """Originals in a local folder, for their owner's eyes only."""

    def __init__(self, root: Path, *, place: str) -> None:
        self.place = place
        self._root = root

    def prepare(self) -> None:
        """Make the folder; whoever may only put files in it can't."""
        with _disk():
            self._root.parent.mkdir(parents=True, exist_ok=True)
            _make(self._root, self._incoming)

    def put(self, source: BinaryIO) -> Stored:
        """Write beside, force to disk, then rename: a reader sees a whole file or none."""
        self.prepare()  # here and not at the start: the worker reads a folder it may not write to
        incoming = self._incoming / uuid4().hex
        with _disk(), os.fdopen(os.open(incoming, _NEW, 0o600), "wb") as file:
            try:
                stored = copy_hashing(source, file)
                os.fsync(file.fileno())
                self._keep(incoming, stored)
            finally:
                incoming.unlink(missing_ok=True)
        return stored

    @contextmanager
    def open(self, sha256: Sha256) -> Iterator[BinaryIO]:
        """See ObjectStore."""
        with _disk(sha256):
            file = self._path(sha256).open("rb")
        with file:
            yield verifying(_reader(_disk, file, sha256), sha256)

    def has(self, sha256: Sha256) -> bool:
        """See ObjectStore."""
        return self._path(sha256).is_file()

    def remove(self, sha256: Sha256) -> None:
        """See ObjectStore."""
        with _disk(sha256):
            self._path(sha256).unlink()

    def every(self) -> Iterator[Kept]:
        """See ObjectStore; what is being written is not kept yet."""
        with _disk():
            for folder, _, names in os.walk(self._root):
                for name in sorted(names):
                    path = Path(folder, name)
                    kept_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield Kept(name=name, kept_at=kept_at)

    @property
    def _incoming(self) -> Path:
        return self._root / "incoming"

    def _path(self, sha256: Sha256) -> Path:
        address = address_of(sha256)
        return self._root / address[:2] / address[2:4] / address

    def _keep(self, incoming: Path, stored: Stored) -> None:
        path = self._path(stored.sha256)
        if path.is_file() and path.stat().st_size == stored.size_bytes:
            return
        _make(path.parent.parent, path.parent)
        incoming.replace(path)
        for folder in (path.parent, path.parent.parent, self._root):
            _force_to_disk(folder)


class S3Store:
    """Originals in a bucket of an S3 server."""

    def __init__(self, client: "Minio", bucket: str, *, place: str) -> None:
        self.place = place
        self._client = client
        self._bucket = bucket

    def prepare_bucket(self, *, object_lock: bool = False) -> None:
        """Make the bucket with versions. A lock can be given only to a new one: SettingsError otherwise."""
        from minio.commonconfig import ENABLED
        from minio.versioningconfig import VersioningConfig

        with _server():
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket, object_lock=object_lock)
            elif object_lock and not self._has_lock():
                raise SettingsError(
                    f"Bucket {self._bucket} exists without object lock, which can't be added. Name a new bucket."
                )
            self._client.set_bucket_versioning(self._bucket, VersioningConfig(ENABLED))

    def put(self, source: BinaryIO) -> Stored:
        """Spool first, as the address is known only at the end."""
        with _disk(), tempfile.TemporaryFile() as spool, _server():
            stored = copy_hashing(source, spool)
            if self._size(stored.sha256) != stored.size_bytes:
                spool.seek(0)
                self._client.put_object(self._bucket, stored.sha256, spool, stored.size_bytes)
        return stored

    @contextmanager
    def open(self, sha256: Sha256) -> Iterator[BinaryIO]:
        """See ObjectStore."""
        with _server(sha256):
            response = self._client.get_object(self._bucket, address_of(sha256))
        try:
            yield verifying(_reader(_server, response, sha256), sha256)
        finally:
            response.close()
            response.release_conn()

    def has(self, sha256: Sha256) -> bool:
        """See ObjectStore."""
        with _server():
            return self._size(sha256) is not None

    def remove(self, sha256: Sha256) -> None:
        """See ObjectStore."""
        with _server(sha256, removing=True):
            found = list(self._client.list_objects(self._bucket, prefix=address_of(sha256), include_version=True))
            if not any(not version.is_delete_marker for version in found):
                raise _not_kept(sha256)
            for version in found:
                self._client.remove_object(self._bucket, sha256, version_id=version.version_id)

    def every(self) -> Iterator[Kept]:
        """See ObjectStore."""
        with _server():
            for one in self._client.list_objects(self._bucket, recursive=True, include_version=True):
                if not one.is_delete_marker:
                    yield Kept(name=str(one.object_name), kept_at=one.last_modified or datetime.now(UTC))

    def _size(self, sha256: Sha256) -> int | None:
        from minio.error import S3Error

        try:
            return self._client.stat_object(self._bucket, address_of(sha256)).size
        except S3Error as error:
            if error.code in _ABSENT:
                return None
            raise

    def _has_lock(self) -> bool:
        from minio.error import S3Error

        try:
            self._client.get_object_lock_config(self._bucket)
        except S3Error:
            return False
        return True


def s3_client(  # noqa: PLR0913  # each is one setting of the same place
    *, endpoint: str, access_key: str, secret_key: str, region: str, tls: bool = True, timeout_s: float = 30.0
) -> "Minio":
    """Return the client for an S3 server at `endpoint` (host:port). No proxy is ever used."""
    import urllib3
    from minio import Minio

    http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=timeout_s, read=timeout_s), retries=2, maxsize=8)
    return Minio(
        endpoint, access_key=access_key, secret_key=secret_key, region=region, secure=tls, http_client=http
    )  # fmt: skip


_ABSENT: Final = ("NoSuchKey", "NoSuchObject", "NoSuchVersion", "NotFound")
_HELD: Final = ("AccessDenied", "ObjectLocked", "InvalidRequest")


@contextmanager
def _disk(sha256: str = "") -> Iterator[None]:
    """Turn what the disk says into the hub's errors."""
    try:
        yield
    except FileNotFoundError:
        raise _not_kept(sha256) from None
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "is full: free some space" if is_full else f"failed: {error.strerror}"
        raise DependencyError(f"The object store's disk {what}. Nothing was kept in part.") from error


@contextmanager
def _server(sha256: str = "", *, removing: bool = False) -> Iterator[None]:
    """Turn what the S3 server says into the hub's errors; a refusal to remove is a retention, any other the store's."""
    import urllib3
    from minio.error import MinioException, S3Error

    try:
        yield
    except S3Error as error:
        if error.code in _ABSENT:
            raise _not_kept(sha256) from None
        if removing and error.code in _HELD:
            raise ConflictError(f"The store does not let go of {sha256[:12]}… ({error.code}).") from error
        raise DependencyError(f"The S3 server refused: {error.code}. See its log and the store's settings.") from error
    except (MinioException, urllib3.exceptions.HTTPError, ConnectionError) as error:
        raise DependencyError(f"The S3 server can't be reached ({type(error).__name__}). Is it running?") from error


def _not_kept(sha256: str) -> NotFoundError:
    return NotFoundError(f"The store holds no original {sha256[:12]}…")


def _reader(door: Callable[[str], AbstractContextManager[None]], source: Any, sha256: str) -> Callable[[int], bytes]:  # noqa: ANN401  # a file or urllib3's response
    def read(size: int) -> bytes:
        with door(sha256):
            return bytes(source.read(size))

    return read


def _make(*folders: Path) -> None:
    for folder in folders:  # each by itself: the mode isn't applied to parents
        folder.mkdir(mode=0o700, exist_ok=True)


def _force_to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
