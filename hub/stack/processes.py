"""What /proc tells of processes: is it the one we started, who belongs to it, what it weighs, how it is held."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STATE, _PARENT, _SESSION, _START = 0, 1, 3, 19  # fields of /proc/PID/stat after the name, see proc(5)
_SECCOMP_FILTER: Final = "2"


@dataclass(frozen=True, kw_only=True)
class ProcessId:
    """A process for certain: numbers are given out again, a number with its start time is not."""

    pid: int
    start_ticks: int

    def alive(self) -> bool:
        """Say whether it still runs."""
        fields = _stat(self.pid)
        return fields is not None and int(fields[_START]) == self.start_ticks and fields[_STATE] not in "ZX"


@dataclass(frozen=True, kw_only=True)
class Held:
    """The walls the kernel itself reports around a process."""

    filter: bool
    no_new_privileges: bool
    capabilities_dropped: bool
    own_network: bool | None  # None: whoever asks may not look


def process_id(pid: int) -> ProcessId | None:
    """Identify a running process."""
    fields = _stat(pid)
    return None if fields is None else ProcessId(pid=pid, start_ticks=int(fields[_START]))


def session_members(session: int) -> list[int]:
    """Return every live process of a session: a part is the leader of its own, its descendants stay in it."""
    found = []
    for pid in all_pids():
        fields = _stat(pid)
        if fields is not None and int(fields[_SESSION]) == session and fields[_STATE] not in "ZX":
            found.append(pid)
    return found


def family(leader: int) -> list[int]:
    """Return a part's processes: its session, and descendants that made sessions of their own, as Postgres' do."""
    children: dict[int, list[int]] = {}
    for pid in all_pids():
        fields = _stat(pid)
        if fields is not None and fields[_STATE] not in "ZX":
            children.setdefault(int(fields[_PARENT]), []).append(pid)
    found = set(session_members(leader))
    waiting = [leader]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return sorted(found)


def kill_session(leader: ProcessId) -> None:
    """End a part with all its descendants, also when its leader is gone; never a stranger with its number."""
    fields = _stat(leader.pid)
    if fields is not None and int(fields[_START]) != leader.start_ticks:
        return
    for _ in range(10):  # one of them may be forking just now
        members = session_members(leader.pid)
        if not members:
            return
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def resident_bytes(pids: list[int]) -> int:
    """Return the memory they hold; a page shared by n processes counts 1/n for each (PSS), else not at all."""
    return sum(_pss(pid) for pid in pids)


def held(pid: int) -> Held | None:
    """Return the walls around a process, None when it is gone or not ours to look at."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Held(
        filter=status.get("Seccomp") == _SECCOMP_FILTER,
        no_new_privileges=status.get("NoNewPrivs") == "1",
        capabilities_dropped=int(status.get("CapEff", "0"), 16) == 0,
        own_network=_apart(pid),
    )


def _apart(pid: int) -> bool | None:
    if pid == os.getpid():
        return None  # nobody stands apart from themselves
    try:
        return os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")  # noqa: PTH115
    except OSError:  # another user's process, for one without rights
        return None


def all_pids() -> list[int]:
    """Return the number of every process to be seen."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  # names only


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()  # the name in brackets may hold anything


def _pss(pid: int) -> int:
    # Who may not look into a process is told what it has to itself: what is shared would count many times.
    for file, name in (("smaps_rollup", "Pss:"), ("status", "RssAnon:")):
        try:
            text = Path(f"/proc/{pid}/{file}").read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        for line in text.splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0
