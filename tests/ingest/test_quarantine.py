import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from catalog.errors import DependencyError, PermanentError, TransientError
from catalog.objects import FolderStore, ObjectStore
from catalog.vocabulary import RefusalReason, Sha256
from ingest.quarantine import quarantine
from tests.ingest import made
from tests.ingest.test_sandbox import admitted

LIMIT = 1_000


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects", place="store")


def reason_of(store: ObjectStore, data: bytes, **changes: object) -> RefusalReason:
    order = replace(admitted(data).order, **changes)
    with pytest.raises(PermanentError) as refused:
        quarantine(order, objects=store, max_document_bytes=LIMIT)
    return refused.value.reason


def test_the_bytes_that_were_submitted_come_out(store: FolderStore) -> None:
    store.put(io.BytesIO(b"words"))
    order = admitted(b"words").order
    assert quarantine(order, objects=store, max_document_bytes=LIMIT).data == b"words"


def test_a_declared_size_over_the_limit_is_refused_unread() -> None:
    assert reason_of(None, b"x", size_bytes=LIMIT + 1) is RefusalReason.TOO_LARGE  # type: ignore[arg-type]


def test_a_size_that_was_declared_too_small_is_counted(store: FolderStore) -> None:
    data = b"x" * (LIMIT + 1)
    store.put(io.BytesIO(data))
    assert reason_of(store, data, size_bytes=10) is RefusalReason.TOO_LARGE


def test_bytes_that_were_changed_in_the_store_are_not_taken(store: FolderStore, tmp_path: Path) -> None:
    stored = store.put(io.BytesIO(b"words"))
    path = next(path for path in (tmp_path / "objects").rglob(stored.sha256))
    path.chmod(0o600)
    path.write_bytes(b"other")
    order = admitted(b"words").order
    with pytest.raises((PermanentError, TransientError)):
        quarantine(order, objects=store, max_document_bytes=LIMIT)


def test_a_missing_original_is_for_a_person(store: FolderStore) -> None:
    assert reason_of(store, b"never put", sha256=Sha256("0" * 64)) is RefusalReason.FAILED


@pytest.mark.parametrize("data", [b"", b" \n", b"\x00\x00"])
def test_nothing_is_empty(data: bytes, store: FolderStore) -> None:
    store.put(io.BytesIO(data))
    assert reason_of(store, data) is RefusalReason.EMPTY


def test_a_picture_bomb_is_hostile_by_its_header(store: FolderStore) -> None:
    data = made.png(90_000, 90_000)
    store.put(io.BytesIO(data))
    assert reason_of(store, data) is RefusalReason.HOSTILE


def test_a_store_that_is_down_is_tried_again() -> None:
    class Down:
        place = "store"

        @contextmanager
        def open(self, _sha256: str) -> Iterator[BinaryIO]:
            raise DependencyError
            yield io.BytesIO()

    with pytest.raises(TransientError):
        quarantine(admitted(b"x").order, objects=Down(), max_document_bytes=LIMIT)  # type: ignore[arg-type]
