"""Files handed in: which are taken under which names, what is skipped, and that nothing is half done."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from catalog.addresses import Stored
from catalog.errors import AccessDeniedError, DependencyError, SettingsError
from catalog.objects import FolderStore
from catalog.progress import progress
from hub.submit import BATCH_FILES, LITTER, Handed, files_below, hand_in, require, ruling_here
from tests.fixtures.nation import OPERATOR, Nation


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "sub/c.txt", "sub/deep/d.txt", ".DS_Store", "sub/Thumbs.db", "ü ö.txt"):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "tree" / "link.txt").symlink_to(tmp_path / "tree" / "a.txt")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    (tmp_path / "tree" / "linked").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "tree" / "pipe")
    return tmp_path / "tree"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "objects", place="store")


def given(nation: Nation, store: FolderStore, files: list[tuple[str, Path]]) -> Handed:
    return hand_in(lambda: nation.operator.begin(OPERATOR), store, nation.datasets["harbour"], files)


def counts(nation: Nation) -> tuple[int, int]:
    """Versions and jobs."""
    with nation.operator.begin(OPERATOR) as session:
        versions = session.execute(text("SELECT count(*) FROM hub.document_versions")).scalar_one()
        jobs = session.execute(text("SELECT count(*) FROM queue.procrastinate_jobs")).scalar_one()
    return versions, jobs


@pytest.fixture
def port(nation: Nation) -> Nation:
    nation.dataset("harbour")
    return nation


def test_a_folder_gives_its_files_in_order_named_by_their_path_below_it(tree: Path) -> None:
    assert [name for name, _ in files_below([tree])] == ["a.txt", "b.txt", "ü ö.txt", "sub/c.txt", "sub/deep/d.txt"]


def test_links_pipes_and_litter_are_left_where_they_are(tree: Path) -> None:
    names = {name for name, _ in files_below([tree])}
    assert not names & {"link.txt", "pipe", "linked/secret.txt", *LITTER}


def test_a_file_that_is_named_is_taken_by_its_name(tree: Path) -> None:
    assert list(files_below([tree / "sub" / "c.txt"])) == [("c.txt", tree / "sub" / "c.txt")]


def test_several_paths_follow_one_another(tree: Path) -> None:
    assert [name for name, _ in files_below([tree / "b.txt", tree / "sub"])] == ["b.txt", "c.txt", "deep/d.txt"]


def test_a_path_that_is_not_there_is_said_before_anything_is_taken(tree: Path) -> None:
    with pytest.raises(SettingsError, match=r"There is no file or folder .*gone\. Nothing was handed in"):
        list(files_below([tree, tree / "gone"]))


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert list(files_below([tmp_path / "empty"])) == []


def test_each_file_is_stored_registered_and_queued(port: Nation, store: FolderStore, tree: Path) -> None:
    handed = given(port, store, list(files_below([tree])))
    assert (handed.files, handed.unchanged, handed.unreadable) == (5, 0, [])
    assert handed.size_bytes == sum(len(name.encode()) for name, _ in files_below([tree]))
    assert counts(port) == (5, 5)


def test_the_same_again_is_unchanged_and_queues_nothing(port: Nation, store: FolderStore, tree: Path) -> None:
    files = list(files_below([tree]))
    given(port, store, files)
    again = given(port, store, files)
    assert (again.files, again.unchanged) == (5, 5)
    assert counts(port) == (5, 5)


def test_a_changed_file_is_a_new_version(port: Nation, store: FolderStore, tree: Path) -> None:
    given(port, store, [("a.txt", tree / "a.txt")])
    (tree / "a.txt").write_text("changed")
    assert given(port, store, [("a.txt", tree / "a.txt")]).unchanged == 0
    assert counts(port) == (2, 2)


def test_each_file_is_told_as_it_is_taken(port: Nation, store: FolderStore, tree: Path) -> None:
    heard: list[int] = []
    begin = partial(port.operator.begin, OPERATOR)
    hand_in(begin, store, port.datasets["harbour"], list(files_below([tree])), heard.append)
    assert heard == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), FileNotFoundError(2, "No such file")])
def test_a_file_that_can_not_be_opened_is_listed_and_the_rest_goes_on(
    port: Nation, store: FolderStore, tree: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    real = Path.open

    def opened(self: Path, *arguments: str, **more: str) -> object:
        if self.name == "b.txt":
            raise error
        return real(self, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", opened)
    handed = given(port, store, list(files_below([tree])))
    assert handed.unreadable == [("b.txt", error.strerror)]
    assert handed.files == 4


class FullStore(FolderStore):
    """Takes two files, then its disk is full."""

    taken = 0

    def put(self, source: io.BufferedIOBase) -> Stored:  # type: ignore[override]
        self.taken += 1
        if self.taken > 2:
            raise DependencyError("The disk of the object store is full. Free some space, then try again.")
        return super().put(source)  # type: ignore[arg-type]


def test_a_full_store_in_the_middle_keeps_what_it_took_and_says_how_many(
    port: Nation, tmp_path: Path, tree: Path
) -> None:
    files = list(files_below([tree]))
    with pytest.raises(DependencyError) as full:
        given(port, FullStore(tmp_path / "objects", place="store"), files)
    assert str(full.value) == (
        "The disk of the object store is full. Free some space, then try again. "
        "Of this run, 2 of 5 files were handed in; run the same command again: they are skipped."
    )
    assert counts(port) == (2, 2)
    again = given(port, FolderStore(tmp_path / "objects", place="store"), files)
    assert (again.files, again.unchanged) == (5, 2)
    assert counts(port) == (5, 5)


def many(tmp_path: Path, number: int) -> list[tuple[str, Path]]:
    for n in range(number):
        (tmp_path / f"{n:03}.txt").write_text(f"File {n}.")
    return [(f"{n:03}.txt", tmp_path / f"{n:03}.txt") for n in range(number)]


def test_a_long_run_is_committed_in_batches_so_that_work_begins_at_once(
    port: Nation, store: FolderStore, tmp_path: Path
) -> None:
    queued: list[int] = []
    begin = partial(port.operator.begin, OPERATOR)
    files = many(tmp_path, 2 * BATCH_FILES + 3)
    hand_in(begin, store, port.datasets["harbour"], files, lambda _: queued.append(counts(port)[1]))
    assert sorted(set(queued)) == [0, BATCH_FILES, 2 * BATCH_FILES]
    assert counts(port) == (len(files), len(files))


def test_a_slow_store_commits_by_the_clock(
    port: Nation, store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.submit.BATCH_S", 0.0)
    queued: list[int] = []
    begin = partial(port.operator.begin, OPERATOR)
    hand_in(begin, store, port.datasets["harbour"], many(tmp_path, 4), lambda _: queued.append(counts(port)[1]))
    assert queued == [1, 2, 3, 4]


class Killed(BaseException):
    """What no handler catches."""


def test_who_is_killed_loses_nothing_that_was_handed_in(port: Nation, store: FolderStore, tmp_path: Path) -> None:
    def die(done: int) -> None:
        if done == BATCH_FILES + 20:
            raise Killed

    files = many(tmp_path, BATCH_FILES * 2)
    with pytest.raises(Killed):
        hand_in(partial(port.operator.begin, OPERATOR), store, port.datasets["harbour"], files, die)
    assert counts(port) == (BATCH_FILES, BATCH_FILES)


def test_a_database_that_goes_in_the_middle_is_told_with_what_is_in(
    port: Nation, store: FolderStore, tmp_path: Path
) -> None:
    opened = 0

    @contextmanager
    def begin() -> Iterator[Session]:
        nonlocal opened
        opened += 1
        if opened == 3:
            raise DependencyError("The database can't be reached.")
        with port.operator.begin(OPERATOR) as session:
            yield session

    with pytest.raises(DependencyError, match=rf"Of this run, {BATCH_FILES} of {BATCH_FILES + 1} files"):
        hand_in(begin, store, port.datasets["harbour"], many(tmp_path, BATCH_FILES + 1))
    assert counts(port) == (BATCH_FILES, BATCH_FILES)


def test_all_batches_are_one_submission(port: Nation, store: FolderStore, tmp_path: Path) -> None:
    handed = given(port, store, many(tmp_path, BATCH_FILES + 1))
    with port.operator.begin(OPERATOR) as session:
        assert progress(session, handed.submission_id).submitted == BATCH_FILES + 1


def test_a_site_inside_the_datasets_tags_may_take_it_in(port: Nation) -> None:
    with port.operator.begin(OPERATOR) as session:
        require(ruling_here(session, port.datasets["harbour"], port.site))


@pytest.mark.parametrize("tag", ["store_in", "process_in"])
def test_a_site_outside_the_datasets_tags_may_not_and_is_told_the_rule(nation: Nation, tag: str) -> None:
    dataset = nation.dataset("far", **{tag: ["FR"]})
    with nation.operator.begin(OPERATOR) as session:
        ruling = ruling_here(session, dataset, nation.site)
    with pytest.raises(AccessDeniedError, match=r"\(.*\)\. Nothing was stored") as denied:
        require(ruling)
    assert "This site may not take documents of that dataset in" in str(denied.value)
