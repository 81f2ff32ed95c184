"""What goes wrong around a hub, on a running one: each a clear sentence with what to do, an exit code, nothing lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.stack.status import status
from tests.hub.commands import terminal
from tests.hub.commands.conftest import ASKED, NOTICE
from tests.hub.fakes import weights
from tests.hub.stack import small_stack

REPOSITORY = Path(__file__).parents[2]
HUB = (sys.executable, "-m", "hub.cli")
#: Without these even root meets the permissions of files.
AS_ANYBODY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
PROXIES = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"), "http://127.0.0.1:9")


def hub(root: Path, *arguments: str, around: tuple[str, ...] = (), **more: str) -> subprocess.CompletedProcess[str]:
    """In this process, which is quicker; in one of its own where something has to be put around it."""
    if not around:
        said = terminal.hub(root, *arguments, **more)
        return subprocess.CompletedProcess(arguments, said.code, said.out, said.err)
    done = subprocess.run(
        [*around, *HUB, *arguments], cwd=REPOSITORY, env={**os.environ, "HUB_DATA_DIR": str(root), **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def with_small_disk(folder: Path, kib: int) -> tuple[str, ...]:
    """Runs a command that sees a disk of that size at the folder."""
    return ("unshare", "-rm", "sh", "-c", f'mount -t tmpfs -o size={kib}k none "{folder}" && exec "$@"', "sh")


def eventually(true: Callable[[], bool], *, within_s: float = 30) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.2)
    return False


def trail(root: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        hub(root, "audit", "--json", "--limit", "1000", "--reason", "A test looks").stdout
    )
    return [event for event in found if event["type"] != "audit.consulted"]  # looking is an act too


def pid_of(root: Path, name: str) -> int:
    (pid,) = [part.pid for part in status(root).parts if part.name == name]
    assert pid
    return pid


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A hub that is up, with one notice that Ada may ask."""
    folder = tmp_path_factory.mktemp("notices")
    (folder / "rules.md").write_text(NOTICE.replace(" {mark}", ""))
    with small_stack.running() as root:
        organisation = ("person", "organisation", "board", "--name", "Board", "--jurisdiction", "DE")
        person = ("person", "add", "ada", "--name", "Ada", "--organisation", "board", "--jurisdiction", "DE")
        tags = ["--store-in", "DE", "--process-in", "DE", "--access-from", "EU", "--purpose", "research"]
        tags += ["--classification", "internal", "--ceiling", "1", "--owner", "board", "--title", "Harbour"]
        grant = ("grant", "add", "harbour", "--purpose", "research", "--person", "ada", "--share", "1")
        ingest = ("ingest", str(folder), "--dataset", "harbour")
        for command in (organisation, person, ("dataset", "add", "harbour", *tags), grant, ingest):
            done = hub(root, *command)
            assert done.returncode == 0, done.stderr
        yield root


# models


def papers(sha256: str) -> list[str]:
    given = {
        "kind": "chat",
        "name": "tiny",
        "sha256": sha256,
        "licence": "MIT",
        "source": "a stick",
        "origin": "FR",
    }
    return [item for name, value in given.items() for item in (f"--{name}", value)]


def test_a_model_file_that_is_missing(root: Path) -> None:
    done = hub(root, "models", "import", "/nonexistent/model.gguf", *papers("0" * 64))
    assert done.returncode == 9
    assert "/nonexistent/model.gguf" in done.stderr
    assert hub(root, "models", "list", "--json").stdout.strip() == "[]"


def test_a_model_file_with_another_digest_is_refused_and_leaves_nothing(root: Path, tmp_path: Path) -> None:
    source = weights.gguf(tmp_path / "model.gguf")
    before = sorted((root / "models").rglob("*"))
    done = hub(root, "models", "import", str(source), *papers("0" * 64))
    assert done.returncode == 9
    assert "is not the file you named" in done.stderr
    assert "check the digest at its source" in done.stderr
    assert sorted((root / "models").rglob("*")) == before


def test_a_model_that_does_not_fit_on_the_disk(root: Path, tmp_path: Path) -> None:
    source = weights.gguf(tmp_path / "model.gguf")
    around = with_small_disk(root / "models", 512)
    done = hub(root, "models", "import", str(source), *papers(weights.sha256(source)), around=around)
    assert done.returncode == 9
    assert "The disk is too full" in done.stderr


# files and folders


def test_a_folder_that_can_not_be_read_stops_the_whole_before_a_byte_is_taken(root: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0)
    before = trail(root)
    done = hub(root, "ingest", str(tmp_path), "--dataset", "harbour", around=AS_ANYBODY)
    assert done.returncode == 4
    assert f"{tmp_path}/closed can't be read (Permission denied)" in done.stderr
    assert "Nothing was handed in" in done.stderr
    assert trail(root) == before


def test_a_file_that_can_not_be_read_is_named_and_the_rest_goes_on(root: Path, tmp_path: Path) -> None:
    (tmp_path / "open.txt").write_text("The pilot tower was designed by Elsbeth Marwitz.")
    (tmp_path / "closed.txt").write_text("Two.")
    (tmp_path / "closed.txt").chmod(0)
    done = hub(root, "ingest", str(tmp_path), "--dataset", "harbour", around=AS_ANYBODY)
    assert "closed.txt: could not be opened: Permission denied" in done.stderr
    assert done.stdout.startswith("1 published, 0 refused, 0 unchanged, 1 unreadable")
    assert done.returncode == 10


def test_a_full_disk_registers_nothing_and_the_same_command_later_does(root: Path, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("The levy is 31 euros per hectare. " * 20_000)
    before = trail(root)
    command = ("ingest", str(tmp_path), "--dataset", "harbour")
    done = hub(root, *command, around=with_small_disk(root / "objects", 128))
    assert done.returncode == 7, done
    assert "disk" in done.stderr
    assert trail(root) == before
    assert not list((root / "objects").rglob("tmp*"))
    again = hub(root, *command)
    assert again.returncode == 0
    assert again.stdout.startswith("1 published")


def test_a_disk_too_small_for_a_hub_is_said_before_anything_is_made(tmp_path: Path) -> None:
    done = hub(tmp_path / "data", "up", "--jurisdiction", "DE", around=with_small_disk(tmp_path, 1024))
    assert done.returncode == 4
    assert "MiB left; the hub wants 512 MiB to start" in done.stderr
    assert "set HUB_DATA_DIR" in done.stderr


def test_a_data_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0o500)
    done = hub(tmp_path / "closed" / "data", "up", "--jurisdiction", "DE", around=AS_ANYBODY)
    assert done.returncode == 4
    assert "can't be used by this account" in done.stderr
    assert "HUB_DATA_DIR" in done.stderr


def test_a_variable_that_is_wrong_is_named(root: Path) -> None:
    done = hub(root, "status", HUB_START_TIMEOUT_S="soon")
    assert done.returncode == 4
    assert "HUB_START_TIMEOUT_S" in done.stderr
    assert "README.md" in done.stderr


# names and places


def test_a_place_that_is_not(tmp_path: Path) -> None:
    done = hub(tmp_path / "data", "up", "--jurisdiction", "Atlantis")
    assert done.returncode == 4
    assert "'Atlantis' is not a place" in done.stderr


def test_a_hub_that_is_not_told_where_it_stands_does_not_start(tmp_path: Path) -> None:
    done = hub(tmp_path / "data", "up")
    assert done.returncode == 4
    assert "hub up --jurisdiction DE" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_dataset_that_is_not(root: Path, tmp_path: Path) -> None:
    done = hub(root, "ingest", str(tmp_path), "--dataset", "nowhere")
    assert done.returncode == 5
    assert "There is no dataset 'nowhere'. `hub dataset list` shows them." in done.stderr


# people


def test_a_token_that_has_expired(root: Path) -> None:
    token = hub(root, "person", "token", "ada", "--life-s", "1").stdout.strip()
    time.sleep(1.5)
    done = hub(root, "ask", ASKED, "--token", token)
    assert done.returncode == 6
    assert "The sign-in token has expired. Sign in again." in done.stderr
    assert done.stdout == ""


def test_a_key_that_others_can_read(root: Path) -> None:
    assert hub(root, "ask", ASKED, "--as", "ada").returncode == 0
    key = root / "secrets" / "development-key.json"
    key.chmod(0o644)
    done = hub(root, "ask", ASKED, "--as", "ada")
    key.chmod(0o600)
    assert done.returncode == 4
    assert f"chmod 600 {key}" in done.stderr
    assert hub(root, "ask", ASKED, "--as", "ada").returncode == 0


# the hub itself


def test_a_data_folder_in_use(root: Path) -> None:
    done = hub(root, "up")
    assert done.returncode == 8
    assert f"The data folder {root} is in use" in done.stderr
    assert "hub down" in done.stderr
    assert status(root).up


COMMANDS = {
    "status": ("status",),
    "datasets": ("dataset", "list"),
    "people": ("person", "list"),
    "grants": ("grant", "list"),
    "models": ("models", "list"),
    "sizes": ("db", "check"),
    "search": ("search", "breakwaters", "--as", "ada"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_proxy_in_the_environment_changes_nothing(root: Path, command: tuple[str, ...]) -> None:
    plain, proxied = hub(root, *command), hub(root, *command, **PROXIES)
    assert (plain.returncode, plain.stderr) == (0, proxied.stderr)
    drop = "Memory of all parts" if command == ("status",) else "\0"
    lines = [
        [line for line in done.stdout.splitlines() if drop not in line and "MiB" not in line]
        for done in (plain, proxied)
    ]
    assert lines[0] == lines[1]


def test_a_proxy_in_the_environment_does_not_come_between_question_and_answer(root: Path) -> None:
    answers = [json.loads(hub(root, "ask", ASKED, "--as", "ada", "--json", **more).stdout) for more in ({}, PROXIES)]
    assert answers[0]["answer"]["text"] == answers[1]["answer"]["text"]
    socks = hub(root, "ask", ASKED, "--as", "ada", ALL_PROXY="socks5://127.0.0.1:9", all_proxy="socks5://127.0.0.1:9")
    assert socks.returncode == 0, socks.stderr


def test_a_database_that_goes_while_a_question_is_answered(root: Path) -> None:
    assert hub(root, "ask", ASKED, "--as", "ada").returncode == 0
    before = trail(root)
    model, database = pid_of(root, "model"), pid_of(root, "postgres")
    os.kill(model, signal.SIGSTOP)
    try:
        with subprocess.Popen(
            [*HUB, "ask", ASKED, "--as", "ada"], cwd=REPOSITORY, env={**os.environ, "HUB_DATA_DIR": str(root)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as asking:  # fmt: skip
            assert asking.stderr is not None
            said = iter(asking.stderr.readline, "")
            assert any("Looking in" in line for line in said)
            os.kill(database, signal.SIGKILL)
            os.kill(model, signal.SIGCONT)
            out, err = asking.communicate(timeout=60)
    finally:
        os.kill(model, signal.SIGCONT)
    assert asking.returncode == 3, (out, err)
    assert "The database can't be reached" in out
    assert "350 euros" not in out
    assert "Traceback" not in err
    assert eventually(lambda: hub(root, "ask", ASKED, "--as", "ada").returncode == 0)
    kept = {event["id"] for event in trail(root)}
    assert {event["id"] for event in before} <= kept
    assert "postgres was ended by signal 9" in (root / "logs" / "hub.log").read_text()


def test_a_model_server_that_is_gone(root: Path) -> None:
    model = pid_of(root, "model")
    os.kill(model, signal.SIGKILL)
    done = hub(root, "ask", ASKED, "--as", "ada", around=("env",))
    if done.returncode:  # else it was back before the question came
        assert done.returncode == 3
        assert "hub status" in done.stdout
    assert eventually(lambda: hub(root, "ask", ASKED, "--as", "ada", around=("env",)).returncode == 0)


STOPPED: dict[str, tuple[tuple[str, ...], int]] = {
    "status": (("status",), 1),
    "down": (("down",), 0),
    "ask": (("ask", ASKED, "--as", "ada"), 7),
    "search": (("search", "boats", "--as", "ada"), 7),
    "ingest": (("ingest", "README.md", "--dataset", "harbour"), 7),
    "audit": (("audit",), 7),
    "datasets": (("dataset", "list"), 7),
    "people": (("person", "list"), 7),
    "grants": (("grant", "list"), 7),
    "sizes": (("db", "size"), 7),
    "check": (("db", "check"), 7),
    "demo": (("demo", "load"), 7),
}  # fmt: skip


def test_a_hub_that_is_not_running_is_said_by_every_command(root: Path, tmp_path: Path) -> None:
    """Last: it stops the hub the other tests share."""
    (tmp_path / "README.md").write_text("x")
    assert hub(root, "down").returncode == 0
    for name, (command, code) in STOPPED.items():
        done = hub(root, *(str(tmp_path / one) if one == "README.md" else one for one in command))
        assert done.returncode == code, (name, done)
        if code == 7:
            assert "`hub up`" in done.stderr, (name, done.stderr)
