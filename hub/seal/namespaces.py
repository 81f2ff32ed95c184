"""A network without interfaces, and with it no capability that counts, as root or as an ordinary user."""

import os
from pathlib import Path
from typing import Final

from hub.seal import kernel

_FRESH: Final = kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS

_SWITCHES: Final = (
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns=0"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces=10000"),
)


def enter_with_own_user() -> None:
    """Enter fresh user, network, IPC and host-name namespaces; ids stay the same inside. OSError where forbidden."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER | _FRESH)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def enter_as_root() -> None:
    """Enter fresh network, IPC and host-name namespaces, keeping the user namespace: for a part that drops its user."""
    kernel.unshare(_FRESH)


def why_not(error: OSError) -> str:
    """Why namespaces don't hold here, and how an administrator allows them."""
    for path, forbids, remedy in _SWITCHES:
        try:
            value = Path(path).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if value == forbids:
            return f"this host forbids user namespaces; to allow them: sysctl -w {remedy}"
    return (
        f"this host forbids namespaces ({error.strerror}); in a container, allow the system call unshare "
        "or run the hub on the host"
    )
