"""What a held process can't do: each door is shown open without the walls and closed with them."""

import json
import os
import platform
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hub.seal.plan import PLAN
from tests.hub.fakes.sealed_server import FAKES, PYTHON

FAMILIES = ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG")
CALLS = (
    *("ptrace", "unshare", "setns", "mount", "bpf", "io_uring_setup", "process_vm_readv", "userfaultfd"),
    *("perf_event_open", "keyctl", "kexec_load", "clone into a user namespace"),
)
SEALED = [part for part, row in PLAN.items() if not row.reaches_network]

x86_only = pytest.mark.skipif(platform.machine() != "x86_64", reason="call numbers of x86_64")


def attempt(
    *arguments: str, part: str | None = None, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-P", str(FAKES / "attempts.py"), *arguments]
    walls = [] if part is None else [*PYTHON, "hub.seal", part, "--read", str(FAKES), *options, "--"]
    return subprocess.run([*walls, *program], capture_output=True, text=True, check=False, timeout=30)


def outcome(*arguments: str, part: str | None = None, options: tuple[str, ...] = ()) -> object:
    result = attempt(*arguments, part=part, options=options)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("part", SEALED)
def test_no_part_opens_a_socket_that_leaves_the_machine(part: str, family: str) -> None:
    assert outcome("open_socket", family, part=part) == "EPERM"


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_NETLINK"])
def test_without_the_walls_the_same_socket_opens(family: str) -> None:
    assert outcome("open_socket", family) == "open"


@pytest.mark.parametrize("part", SEALED)
def test_unix_sockets_stay_open(part: str) -> None:
    assert outcome("open_socket", "AF_UNIX", part=part) == "open"


@pytest.mark.parametrize("part", ["model", "parser", "postgres"])
def test_a_part_that_is_only_called_can_not_reach_a_neighbour_s_socket(part: str, tmp_path: Path) -> None:
    """The database trusts its own user on its socket: a model server taken over must not become that user."""
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams,
    ):
        stream.bind(str(tmp_path / "stream"))
        stream.listen()
        datagrams.bind(str(tmp_path / "datagrams"))
        own = ("--write", str(tmp_path))
        assert outcome("connect_unix", str(tmp_path / "stream"), part="worker", options=own) == "connected"
        assert outcome("connect_unix", str(tmp_path / "stream"), part=part, options=own) == "EPERM"
        assert outcome("send_unix", str(tmp_path / "datagrams"), part="worker", options=own) == "sent"
        assert outcome("send_unix", str(tmp_path / "datagrams"), part=part, options=own) == "EPERM"


def test_the_worker_reaches_tcp_only_when_its_row_says_so() -> None:
    assert outcome("open_socket", "AF_INET", part="worker-s3") == "open"
    assert outcome("open_socket", "AF_NETLINK", part="worker-s3") == "EPERM"
    assert outcome("open_socket", "AF_PACKET", part="worker-s3") == "EPERM"


@x86_only
def test_a_family_hidden_above_32_bits_is_refused() -> None:
    assert outcome("open_wide_socket") == "open"
    assert outcome("open_wide_socket", part="operator") == "EPERM"
    assert outcome("open_wide_socket", part="worker-s3") == "EPERM"


@x86_only
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_leads_around_the_walls_is_closed(call: str) -> None:
    assert outcome("call", call, part="operator") == "EPERM"


@x86_only
@pytest.mark.parametrize("call", ["unshare", "clone into a user namespace"])
def test_without_the_walls_that_call_is_allowed(call: str) -> None:
    if outcome("call", call) == "EPERM":
        pytest.skip("this host forbids user namespaces to everyone")
    assert outcome("call", call) == "allowed"


@x86_only
def test_clone3_hides_its_flags_so_it_does_not_exist() -> None:
    assert outcome("call", "clone3") == "EINVAL"
    assert outcome("call", "clone3", part="operator") == "ENOSYS"


@x86_only
@pytest.mark.parametrize("abi", ["foreign_abi", "x32_abi"])
def test_a_call_by_a_foreign_abi_kills_the_process(abi: str) -> None:
    assert attempt(abi, part="operator").returncode == -31  # SIGSYS


@pytest.mark.parametrize("part", ["model", "parser", "postgres", "worker"])
def test_a_part_sees_and_writes_its_own_files_only(part: str, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "other").mkdir()
    for folder in ("own", "other"):
        (tmp_path / folder / "file").write_text("x", encoding="utf-8")
    options = ("--write", str(tmp_path / "own"))
    for action, done in (("read", "read"), ("write", "written")):
        assert outcome(action, str(tmp_path / "own/file"), part=part, options=options) == done
        assert outcome(action, str(tmp_path / "other/file"), part=part, options=options) == "EACCES"


def test_a_readable_path_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "weights").write_text("x", encoding="utf-8")
    options = ("--read", str(tmp_path))
    assert outcome("read", str(tmp_path / "weights"), part="model", options=options) == "read"
    assert outcome("write", str(tmp_path / "weights"), part="model", options=options) == "EACCES"


@pytest.mark.parametrize("part", PLAN)
def test_no_part_keeps_a_capability_or_can_gain_one(part: str) -> None:
    status = outcome("status", part=part)
    assert isinstance(status, dict)
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@pytest.mark.parametrize("part", [part for part, row in PLAN.items() if row.namespace])
def test_a_part_stands_in_a_network_of_its_own_where_the_host_allows_one(part: str, tmp_path: Path) -> None:
    report = tmp_path / "walls.json"
    found = outcome("identity", part=part, options=("--report", str(report)))
    assert isinstance(found, dict)
    walls = json.loads(report.read_text(encoding="utf-8"))
    apart = found["net"] != str(Path("/proc/self/ns/net").readlink())
    assert apart == walls["namespace"]
    if os.geteuid() == 0:
        assert apart, walls["missing"]


def test_no_descriptor_is_inherited_but_the_three(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w", encoding="utf-8") as secret:
        os.set_inheritable(secret.fileno(), True)
        result = subprocess.run(
            [*PYTHON, "hub.seal", "operator", "--", sys.executable, str(FAKES / "attempts.py"), "descriptors"],
            capture_output=True,
            text=True,
            check=True,
            close_fds=False,
            timeout=30,
        )
    assert json.loads(result.stdout) == ["0", "1", "2"]


def test_an_inherited_internet_connection_on_stdout_is_refused() -> None:
    left, right = socket.socket(), socket.socket()
    with left, right:
        right.bind(("127.0.0.1", 0))
        right.listen()
        left.connect(right.getsockname())
        result = subprocess.run(
            [*PYTHON, "hub.seal", "operator", "--", "/bin/true"],
            stdout=left.fileno(),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=30,
        )
    assert result.returncode == 78
    assert "network connection" in result.stderr


def test_secrets_and_proxies_in_the_environment_do_not_reach_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "HUB_DATABASE_PASSWORD", "https_proxy", "HTTPS_PROXY", "LD_PRELOAD_NOT"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("HUB_MODEL_THREADS", "2")
    found = outcome("environment", part="model")
    assert isinstance(found, dict)
    assert "canary" not in found.values()
    assert found["HUB_MODEL_THREADS"] == "2"
    assert found["HF_HUB_OFFLINE"] == found["DO_NOT_TRACK"] == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_root_a_part_becomes_the_service_user_and_nothing_of_root_is_left(tmp_path: Path) -> None:
    report = tmp_path / "walls.json"
    options = ("--user", "nobody", "--report", str(report))
    result = subprocess.run(
        [*PYTHON, "hub.seal", "postgres", *options, "--", "/bin/sh", "-c", "id -u; id -G; cat /proc/self/status"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    user, groups, *status = result.stdout.splitlines()
    assert (user, groups) == ("65534", "65534")
    assert "CapBnd:\t0000000000000000" in status
    assert json.loads(report.read_text(encoding="utf-8"))["namespace"] is True


def test_a_part_ends_with_its_parent() -> None:
    """The launcher's parent is killed; the part may not outlive it."""
    inner = [*PYTHON, "hub.seal", "operator", "--parent-death-signal", "SIGKILL", "--", "/bin/sleep", "60"]
    program = f"import subprocess, time; p = subprocess.Popen({inner!r}); print(p.pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        part = int(parent.stdout.readline())
        _wait_until(lambda: "sleep" in Path(f"/proc/{part}/comm").read_text(encoding="ascii"))
        parent.kill()
        _wait_until(lambda: not Path(f"/proc/{part}/exe").exists())


def _wait_until(true: object) -> None:
    import time

    assert callable(true)
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


HELD = """
import sys
from hub import cli
sys.argv = ["hub", *sys.argv[1:]]
def shown():
    import socket
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
        print("open")
    except OSError:
        print("closed")
cli.command = lambda: shown
cli.main()
"""


@pytest.mark.parametrize(
    ("arguments", "network"),
    [
        (["ask", "x", "--as", "ada"], "closed"),
        (["ask", "x", "--token", "t"], "closed"),
        (["search", "x", "--as", "ada"], "closed"),
        (["demo", "questions"], "closed"),
        (["ask", "x"], "open"),  # as oneself: the API is asked, over TCP
        (["status"], "open"),
    ],
)
def test_a_command_that_reads_passages_itself_is_held(arguments: list[str], network: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELD, *arguments], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == network, done.stderr
