"""Looks from inside a process whether its walls hold, before it reads its first byte of text."""

import errno
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import UnsealedError
from hub.seal import kernel

_SECCOMP_FILTER: Final = 2

#: Every door a socket could leave by, as (family, kind, protocol); UNIX sockets stay within the machine.
DOORS: Final = {
    "tcp over ipv4": (socket.AF_INET, socket.SOCK_STREAM, 0),
    "udp over ipv4": (socket.AF_INET, socket.SOCK_DGRAM, 0),
    "multipath tcp": (socket.AF_INET, socket.SOCK_STREAM, 262),
    "tcp over ipv6": (socket.AF_INET6, socket.SOCK_STREAM, 0),
    "udp over ipv6": (socket.AF_INET6, socket.SOCK_DGRAM, 0),
    "netlink": (socket.AF_NETLINK, socket.SOCK_RAW, 0),
    "packet": (socket.AF_PACKET, socket.SOCK_RAW, 0),
    "vsock": (socket.AF_VSOCK, socket.SOCK_STREAM, 0),
    "kernel crypto": (socket.AF_ALG, socket.SOCK_SEQPACKET, 0),
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was found. `doors` maps each door to `closed` or to what happened instead."""

    doors: dict[str, str]
    filtered: bool
    no_new_privileges: bool
    interfaces: int | None  # network interfaces seen, None when that can't be read

    @property
    def open_doors(self) -> tuple[str, ...]:
        """The walls that don't hold."""
        found = [door for door, state in self.doors.items() if state != "closed"]
        return (
            *found,
            *(() if self.filtered else ("no system-call filter",)),
            *(() if self.no_new_privileges else ("new privileges can be gained",)),
        )

    @property
    def sealed(self) -> bool:
        """True when every door is closed by the filter."""
        return not self.open_doors


def _try(family: int, kind: int, protocol: int) -> str:
    try:
        socket.socket(family, kind, protocol).close()
    except OSError as error:
        # Another error than EPERM means the kernel looked at the call: the filter did not.
        return "closed" if error.errno == errno.EPERM and _is_filter(family) else f"not filtered ({error.strerror})"
    return "open"


def _is_filter(family: int) -> bool:
    """EPERM for a raw socket may only mean a missing capability: then an impossible kind must give EPERM as well."""
    try:
        socket.socket(family, 0x7F, 0).close()
    except OSError as error:
        return error.errno == errno.EPERM
    return False


def look() -> Report:
    """Try every door of this process."""
    return Report(
        doors={name: _try(*door) for name, door in DOORS.items()},
        filtered=kernel.prctl(kernel.PR_GET_SECCOMP) == _SECCOMP_FILTER,
        no_new_privileges=kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) == 1,
        interfaces=_interfaces(),
    )


def _interfaces() -> int | None:
    try:
        lines = Path(f"/proc/{os.getpid()}/net/dev").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    names = [line.split(":")[0].strip() for line in lines[2:]]
    return len([name for name in names if name != "lo"])


def assert_sealed() -> Report:
    """Return the report when every door is closed; else UnsealedError that names the open ones."""
    report = look()
    if not report.sealed:
        raise UnsealedError(
            f"This process is not sealed ({', '.join(report.open_doors)}), so it reads nothing. "
            "Start it by `hub up`, which raises its walls."
        )
    return report
