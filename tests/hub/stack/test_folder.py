"""The data folder: made once, closed to others, refused in words when it can't be used."""

import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.errors import ConflictError, SettingsError
from hub.stack import folder as folder_module
from hub.stack.credentials import ROLES, database_passwords
from hub.stack.folder import RUN_DIR_MAX_CHARS, DataFolder, read_json, write_private
from hub.stack.lock import folder_lock
from hub.stack.logs import last_line, open_log
from hub.stack.service_user import ServiceUser, service_user, shut_door
from hub.stack.site import Site, Told, read_site, settle


@pytest.fixture
def data() -> Iterator[DataFolder]:
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    data = DataFolder.prepare(top / "data")
    yield data
    shutil.rmtree(data.run_dir, ignore_errors=True)
    shutil.rmtree(top)


def test_opening_it_again_finds_the_same_places(data: DataFolder) -> None:
    assert DataFolder.prepare(data.root) == data
    assert DataFolder.existing(data.root) == data


def test_a_folder_made_open_by_another_means_is_closed(data: DataFolder) -> None:
    data.root.chmod(0o755)
    DataFolder.prepare(data.root)
    assert stat.S_IMODE(data.root.stat().st_mode) == 0o700


def test_every_socket_has_a_name_short_enough(data: DataFolder) -> None:
    deep = data.root / ("x" * 100)
    found = DataFolder.prepare(deep)
    try:
        for socket in (found.model_socket, found.parser_socket, found.run_dir / "pg" / ".s.PGSQL.5432"):
            assert len(os.fsencode(socket)) < 100
        assert found.run_dir.stat().st_mode & 0o777 == 0o700
        assert found.run_dir.parent != deep
    finally:
        shutil.rmtree(found.run_dir)


def test_a_run_folder_that_vanished_is_made_anew(data: DataFolder) -> None:
    shutil.rmtree(data.run_dir)
    again = DataFolder.prepare(data.root)
    assert again.run_dir.is_dir()
    again.clear_run_dir()
    assert again.run_dir.is_dir() == (data.root in again.run_dir.parents)


def test_each_part_has_a_socket_folder_of_its_own(data: DataFolder) -> None:
    folders = {data.model_socket.parent, data.parser_socket.parent, data.run_dir / "pg"}
    assert len(folders) == 3
    assert data.run_dir not in folders


def test_too_little_room_on_the_disk_is_refused_before_anything_starts(data: DataFolder) -> None:
    with pytest.raises(SettingsError, match="MiB left; the hub wants"):
        DataFolder.prepare(data.root, free_min_bytes=1 << 60)


def test_a_file_in_the_folders_place_is_refused_in_words(data: DataFolder) -> None:
    file = data.root / "a file"
    file.write_text("")
    with pytest.raises(SettingsError, match="Set HUB_DATA_DIR"):
        DataFolder.prepare(file / "data")


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "is full"), (errno.EACCES, "by this account"), (errno.EROFS, "by this account")]
)
def test_what_the_disk_says_becomes_a_sentence(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch, number: int, word: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder_module.Path, "mkdir", fail)
    with pytest.raises(SettingsError, match=word):
        DataFolder.prepare(data.root / "new")


def test_a_state_file_is_whole_or_as_it_was(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = data.state("part")
    write_private(path, {"n": 1})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, {"n": 2})
    assert read_json(path) == {"n": 1}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.glob(".*")) == []


def test_a_state_file_cut_off_counts_as_none(data: DataFolder) -> None:
    data.state("part").write_text('{"n": 1')
    assert read_json(data.state("part")) == {}


def test_the_lock_is_held_by_one_and_free_again_afterwards(data: DataFolder) -> None:
    with (
        folder_lock(data.root),
        pytest.raises(ConflictError, match="is in use"),
        folder_lock(data.root),
    ):
        pass
    with folder_lock(data.root):
        pass


def test_passwords_are_made_once_differ_and_are_closed_to_others(data: DataFolder) -> None:
    first = database_passwords(data)
    assert database_passwords(data) == first
    assert set(first) == set(ROLES)
    assert len(set(first.values())) == len(ROLES)
    assert all(len(word) >= 40 for word in first.values())
    assert stat.S_IMODE((data.secrets_dir / "database.json").stat().st_mode) == 0o600


def test_passwords_others_can_read_are_refused(data: DataFolder) -> None:
    database_passwords(data)
    (data.secrets_dir / "database.json").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        database_passwords(data)


def test_a_site_is_told_once_and_kept(data: DataFolder) -> None:
    told = Told(jurisdiction="CA-QC", operator="Office of Archives")
    site = settle(data, told)
    assert site == Site(site="main", jurisdiction="CA-QC", operator="Office of Archives", legal_control=("CA",))
    assert settle(data, Told()) == site == read_site(data)


def test_a_site_never_moves(data: DataFolder) -> None:
    settle(data, Told(jurisdiction="DE"))
    for told in (Told(jurisdiction="FR"), Told(site="another")):
        with pytest.raises(SettingsError, match="belongs to the site 'main' in DE"):
            settle(data, told)
    assert json.loads((data.root / "site.json").read_text())["jurisdiction"] == "DE"


def test_an_operators_country_that_is_none_is_refused_and_not_kept(data: DataFolder) -> None:
    with pytest.raises(SettingsError, match="not a place"):
        settle(data, Told(jurisdiction="DE", legal_control=("DE", "nowhere")))
    assert read_site(data) is None


def test_a_log_that_has_grown_becomes_the_older_one(data: DataFolder) -> None:
    log = data.log("part")
    for text in (b"a" * 200, b"b" * 200, b"last\n\n"):
        descriptor = open_log(log, max_bytes=100)
        os.write(descriptor, text)
        os.close(descriptor)
    assert log.read_bytes() == b"last\n\n"
    assert log.with_suffix(".log.1").read_bytes() == b"b" * 200
    assert last_line(log) == "last"
    assert last_line(data.log("absent")) == ""


def test_the_first_closed_door_on_the_way_is_named(data: DataFolder) -> None:
    stranger = ServiceUser(name="stranger", uid=54321, gid=54321)
    data.root.chmod(0o700)
    data.root.parent.chmod(0o755)
    assert shut_door(data.root / "state", stranger) == data.root.resolve()
    data.root.chmod(0o711)
    (data.root / "state").chmod(0o711)
    assert shut_door(data.root / "state", stranger) is None
    assert shut_door(data.root / "state", None) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to a service user")
@pytest.mark.parametrize("name", ["root", "no-such-account"])
def test_an_account_that_can_not_serve_is_refused_in_words(name: str) -> None:
    with pytest.raises(SettingsError, match="HUB_SERVICE_USER"):
        service_user(name)


def test_the_longest_socket_name_fits_the_bound() -> None:
    assert RUN_DIR_MAX_CHARS + len("/parser/parser.sock") < 100
