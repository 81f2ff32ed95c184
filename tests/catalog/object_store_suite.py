"""What every object store must do: the same tests run on the folder and on a live S3 server."""

import hashlib
import io
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, cast

import pytest

from catalog.addresses import PIECE_BYTES
from catalog.errors import DependencyError, NotFoundError
from catalog.objects import ObjectStore
from catalog.vocabulary import Sha256

ABSENT = Sha256(hashlib.sha256(b"never kept").hexdigest())


def digest(content: bytes) -> Sha256:
    return Sha256(hashlib.sha256(content).hexdigest())


class Broken(io.RawIOBase):
    """A source that ends in an error after some bytes, as an upload that is cut off."""

    def __init__(self, first: bytes) -> None:
        self._first = first

    def read(self, size: int = -1, /) -> bytes:
        if not self._first:
            raise ConnectionResetError(104, "cut off")
        piece, self._first = self._first[:size], self._first[size:]
        return piece


class ObjectStoreSuite(ABC):
    @pytest.fixture
    @abstractmethod
    def store(self) -> ObjectStore: ...

    @abstractmethod
    def damage(self, store: ObjectStore, sha256: Sha256) -> None:
        """Change the kept bytes behind the store's back."""

    @abstractmethod
    def kept(self, store: ObjectStore) -> set[str]:
        """Every name behind the store, by other means than the store's."""

    @pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 6 * PIECE_BYTES + 17])
    def test_what_is_put_comes_back_the_same(self, store: ObjectStore, size: int) -> None:
        content = (b"sovereign" * (size // 9 + 1))[:size]
        stored = store.put(io.BytesIO(content))
        assert (stored.sha256, stored.size_bytes) == (digest(content), size)
        with store.open(stored.sha256) as file:
            assert file.read() == content

    def test_everything_that_lies_in_it_is_listed_with_when_it_was_kept(self, store: ObjectStore) -> None:
        assert list(store.every()) == []
        put = {store.put(io.BytesIO(content)).sha256 for content in (b"one", b"two", b"two")}
        found = list(store.every())
        assert {one.name for one in found} == put
        assert all(abs(one.kept_at - datetime.now(UTC)) < timedelta(minutes=5) for one in found)
        store.remove(digest(b"one"))
        assert {one.name for one in store.every()} == {digest(b"two")}

    def test_reading_in_small_pieces_gives_the_same(self, store: ObjectStore) -> None:
        content = bytes(range(256)) * 5000
        stored = store.put(io.BytesIO(content))
        with store.open(stored.sha256) as file:
            assert b"".join(iter(lambda: file.read(777), b"")) == content

    def test_the_same_content_twice_is_kept_once(self, store: ObjectStore) -> None:
        first = store.put(io.BytesIO(b"once"))
        before = self.kept(store)
        assert store.put(io.BytesIO(b"once")) == first
        assert self.kept(store) == before
        assert before

    def test_has_tells_kept_from_absent(self, store: ObjectStore) -> None:
        assert not store.has(ABSENT)
        assert store.has(store.put(io.BytesIO(b"kept")).sha256)

    def test_an_absent_original_is_not_found(self, store: ObjectStore) -> None:
        with pytest.raises(NotFoundError), store.open(ABSENT) as file:
            file.read()
        with pytest.raises(NotFoundError):
            store.remove(ABSENT)

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"])
    def test_a_name_that_is_no_address_reaches_nothing(self, store: ObjectStore, name: str) -> None:
        for act in (store.has, store.remove, lambda sha256: store.open(sha256).__enter__()):
            with pytest.raises(NotFoundError):
                act(Sha256(name))

    def test_what_is_removed_is_gone_and_may_come_back(self, store: ObjectStore) -> None:
        stored = store.put(io.BytesIO(b"gone"))
        store.remove(stored.sha256)
        assert not store.has(stored.sha256)
        assert not any(stored.sha256 in name for name in self.kept(store))
        assert store.put(io.BytesIO(b"gone")) == stored
        assert store.has(stored.sha256)

    def test_an_upload_that_is_cut_off_leaves_nothing(self, store: ObjectStore) -> None:
        before = self.kept(store)
        with pytest.raises(DependencyError, match="could not be read to its end"):
            store.put(cast("BinaryIO", Broken(b"x" * (PIECE_BYTES + 5))))
        assert self.kept(store) == before

    def test_damaged_bytes_are_refused_at_the_end_of_reading(self, store: ObjectStore) -> None:
        stored = store.put(io.BytesIO(b"the original"))
        self.damage(store, stored.sha256)
        with pytest.raises(DependencyError, match="damaged"), store.open(stored.sha256) as file:
            file.read()

    def test_many_puts_of_the_same_content_at_once_agree(self, store: ObjectStore) -> None:
        content = b"together" * 50_000
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _: store.put(io.BytesIO(content)), range(8)))
        assert {one.sha256 for one in found} == {digest(content)}
        with store.open(digest(content)) as file:
            assert file.read() == content
