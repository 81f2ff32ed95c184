"""Originals in a local folder."""

import errno
import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.errors import DependencyError
from catalog.objects import FolderStore, ObjectStore
from catalog.vocabulary import Sha256
from tests.catalog.object_store_suite import ObjectStoreSuite


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


class TestFolderStore(ObjectStoreSuite):
    @pytest.fixture
    def store(self, root: Path) -> ObjectStore:
        self.root = root
        return FolderStore(root, place="here")

    def damage(self, _: ObjectStore, sha256: Sha256) -> None:
        (file,) = self.root.rglob(sha256)
        file.write_bytes(b"the 0riginal")

    def kept(self, _: ObjectStore) -> set[str]:
        return {path.name for path in self.root.rglob("*") if path.is_file()}


def test_files_and_folders_are_for_their_owner_alone(root: Path) -> None:
    before = os.umask(0)
    try:
        FolderStore(root, place="here").put(io.BytesIO(b"x"))
    finally:
        os.umask(before)
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (root, *root.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_a_file_of_another_length_at_the_address_is_replaced(root: Path) -> None:
    store = FolderStore(root, place="here")
    stored = store.put(io.BytesIO(b"whole"))
    (file,) = root.rglob(stored.sha256)
    file.write_bytes(b"wh")
    store.put(io.BytesIO(b"whole"))
    with store.open(stored.sha256) as again:
        assert again.read() == b"whole"


def test_a_full_disk_is_said_in_words_and_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(root, place="here")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DependencyError, match="full: free some space"):
        store.put(io.BytesIO(b"x"))
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_writer_killed_half_way_leaves_no_original(root: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from catalog.objects import FolderStore\n"
        "class Source:\n"
        "    n = 0\n"
        "    def read(self, size):\n"
        "        self.n += 1\n"
        "        if self.n > 3: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return b'x' * size\n"
        "FolderStore(Path(sys.argv[1]), place='here').put(Source())"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(root)], check=False)
    assert killed.returncode == -9
    outside_incoming = [path for path in root.rglob("*") if path.is_file() and path.parent.name != "incoming"]
    assert outside_incoming == []


def test_an_error_of_the_reader_is_not_taken_for_one_of_the_store(root: Path) -> None:
    store = FolderStore(root, place="here")
    stored = store.put(io.BytesIO(b"x"))
    with pytest.raises(FileNotFoundError), store.open(stored.sha256):
        Path(root / "the reader's own business").read_bytes()


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DependencyError, match="disk failed"):
        FolderStore(tmp_path / "file" / "objects", place="here").put(io.BytesIO(b"x"))
