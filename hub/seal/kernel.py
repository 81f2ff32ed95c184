"""The few calls to the Linux kernel that Python 3.11 has no name for, by ctypes; each raises OSError."""

import ctypes
import os
from typing import Final

_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

CLONE_NEWIPC: Final = 0x08000000
CLONE_NEWUTS: Final = 0x04000000
CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_GET_SECCOMP: Final = 21
PR_CAPBSET_DROP: Final = 24
PR_SET_SECUREBITS: Final = 28
PR_SET_NO_NEW_PRIVS: Final = 38
PR_GET_NO_NEW_PRIVS: Final = 39
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

_CAPABILITY_VERSION_3: Final = 0x20080522
#: keep-caps off, no capabilities for uid 0, no fix-ups by setuid; each locked (capabilities(7)).
_SECUREBITS_ROOT_IS_NOBODY: Final = 0b101111


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object) -> int:
    """Make one system call by its number."""
    return _checked(int(_libc.syscall(ctypes.c_long(number), *arguments)), f"system call {number}")


def prctl(option: int, *arguments: int) -> int:
    """Ask the kernel something about this process; missing arguments are 0."""
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return _checked(int(_libc.prctl(ctypes.c_int(option), *padded)), f"prctl {option}")


def unshare(flags: int) -> None:
    """Leave the shared namespaces named by flags."""
    _checked(int(_libc.unshare(ctypes.c_int(flags))), "unshare")


def no_new_privileges() -> None:
    """Give up for good what a set-uid program could gain."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this signal when the parent ends; a later change of user undoes it."""
    prctl(PR_SET_PDEATHSIG, signal_number)


def drop_bounding_capabilities() -> None:
    """Empty the bounding and ambient sets, and stop uid 0 from meaning anything (needs CAP_SETPCAP)."""
    prctl(PR_SET_SECUREBITS, _SECUREBITS_ROOT_IS_NOBODY)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    last = int(open("/proc/sys/kernel/cap_last_cap").read())  # noqa: SIM115, PTH123  # read once, at start
    for capability in range(last + 1):
        prctl(PR_CAPBSET_DROP, capability)


def drop_capabilities() -> None:
    """Empty the effective, permitted and inheritable sets of this thread."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(int(_libc.capset(header, nothing)), "capset")
