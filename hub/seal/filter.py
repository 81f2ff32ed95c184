"""The system-call filter: which sockets may be opened and which calls are closed, for good and for all children.

It is a deny-list over a default of allow, so that the database, OpenVINO and llama.cpp run unchanged, with one
allow-list inside it: socket families. Calls of a foreign ABI (32-bit, x32) kill the process.
"""

import errno
import os
import platform
from collections.abc import Iterable
from typing import Final

from catalog.errors import UnsealedError

_LAST_FAMILY: Final = 64  # above AF_MAX of any kernel so far

#: CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}: no way into a fresh namespace with its own rights.
_NAMESPACE_FLAGS: Final = (
    *(0x00020000, 0x02000000, 0x04000000, 0x08000000),
    *(0x10000000, 0x20000000, 0x40000000),
)
_CLONE_THREAD: Final = 0x00010000

CLOSED: Final = (
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),  # opens sockets without socket()
    *("ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise"),
    *("setns", "unshare", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsmount"),
    *("fsconfig", "fspick", "mount_setattr", "bpf", "perf_event_open", "userfaultfd", "fanotify_init"),
    *("keyctl", "add_key", "request_key", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff"),
    *("init_module", "finit_module", "delete_module", "open_by_handle_at", "name_to_handle_at", "acct", "quotactl"),
    *("iopl", "ioperm", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname"),
    *("syslog", "lookup_dcookie", "nfsservctl", "vhangup", "modify_ldt"),
)

STRICTLY_CLOSED: Final = (
    *("fork", "vfork", "execve", "execveat"),
    *("socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "recvmsg", "sendmmsg"),
    *("tkill", "pidfd_open", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo"),
    *("creat", "openat2", "mkdir", "mkdirat", "mknod", "mknodat", "link", "linkat", "symlink", "symlinkat"),
    *("unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2", "truncate", "chmod", "fchmod", "fchmodat"),
    *("chown", "fchown", "lchown", "fchownat", "utimensat", "utime", "utimes", "futimesat", "setxattr", "lsetxattr"),
    *("fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "inotify_init", "inotify_init1", "inotify_add_watch"),
    *("shmget", "shmat", "shmctl", "msgget", "msgsnd", "msgrcv", "semget", "semop", "mq_open", "mq_unlink"),
    *("setpriority", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr", "ioprio_set"),
    *("migrate_pages", "move_pages", "memfd_secret", "process_mrelease", "setsid", "setpgid", "personality"),
)

_WRITING: Final = (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_APPEND)


def _fresh() -> "Filter":
    try:
        return Filter()
    except (RuntimeError, ImportError, OSError) as error:
        raise UnsealedError(
            f"The system-call filter can't be built ({error}). Install the library libseccomp2 of your distribution."
        ) from error


class Filter:
    """A filter being written; nothing holds before load()."""

    def __init__(self) -> None:
        import pyseccomp  # type: ignore[import-untyped]

        self._library = pyseccomp
        self._rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        self._rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)

    def deny(self, call: str, *conditions: tuple[int, int, int, int], code: int = errno.EPERM) -> None:
        """Refuse a call (when all conditions hold); a call this machine doesn't have is closed already."""
        number = self._library.resolve_syscall(self._library.Arch.NATIVE, call)
        if number < 0:
            return
        arguments = [self._library.Arg(*condition) for condition in conditions]
        self._rules.add_rule(self._library.ERRNO(code), number, *arguments)

    def equal(self, position: int, value: int) -> tuple[int, int, int, int]:
        """Argument at this position is the value."""
        return position, self._library.EQ, value, 0

    def differs(self, position: int, value: int) -> tuple[int, int, int, int]:
        """Argument at this position is anything but the value."""
        return position, self._library.NE, value, 0

    def at_least(self, position: int, value: int) -> tuple[int, int, int, int]:
        """Argument at this position is the value or more, all 64 bits compared."""
        return position, self._library.GE, value, 0

    def masked(self, position: int, mask: int, value: int) -> tuple[int, int, int, int]:
        """Argument at this position, under the mask, is the value."""
        return position, self._library.MASKED_EQ, mask, value

    def load(self) -> None:
        """Raise the wall for this process; it can't be taken down again."""
        try:
            self._rules.load()
        except OSError as error:
            raise UnsealedError(
                f"The kernel refused the system-call filter ({error}). The hub needs Linux with CONFIG_SECCOMP_FILTER."
            ) from error


def base(families: Iterable[int], *, connects: bool = True) -> Filter:
    """Build the filter of every held process: only these families, and no call that leads around them."""
    rules = _fresh()
    allowed = frozenset(families)
    for family in range(_LAST_FAMILY):
        if family not in allowed:
            rules.deny("socket", rules.equal(0, family))
            rules.deny("socketpair", rules.equal(0, family))
    rules.deny("socket", rules.at_least(0, _LAST_FAMILY))
    rules.deny("socketpair", rules.at_least(0, _LAST_FAMILY))
    for call in CLOSED:
        rules.deny(call)
    if not connects:
        rules.deny("connect")
        rules.deny("sendto", rules.differs(4, 0))  # to an address; on a connection it is 0
    for flag in _NAMESPACE_FLAGS:
        rules.deny("clone", rules.masked(0, flag, flag))
    rules.deny("clone3", code=errno.ENOSYS)  # its flags are behind a pointer; glibc falls back to clone
    return rules


def strict(process_id: int) -> Filter:
    """On top of the base, for a throw-away child: no process, no socket, no file written, no neighbour touched."""
    rules = _fresh()
    for call in STRICTLY_CLOSED:
        rules.deny(call)
    rules.deny("clone", rules.masked(0, _CLONE_THREAD, 0))
    rules.deny("kill", rules.differs(0, process_id))
    rules.deny("tgkill", rules.differs(0, process_id))
    rules.deny("prlimit64", rules.differs(0, 0))
    for flag in _WRITING:
        rules.deny("openat", rules.masked(2, flag, flag))
        rules.deny("open", rules.masked(1, flag, flag))
    return rules


def supported() -> bool:
    """Say whether the filter is written for this machine."""
    return platform.system() == "Linux" and platform.machine() in {"x86_64", "aarch64"}
