"""Who runs Postgres: the caller, or as root a service user, since Postgres refuses root."""

import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import SettingsError


@dataclass(frozen=True, kw_only=True)
class ServiceUser:
    """An account a process of root's drops to."""

    name: str
    uid: int
    gid: int


def service_user(name: str) -> ServiceUser | None:
    """Return the account to drop to, or None when the caller is an ordinary user already."""
    if os.geteuid() != 0:
        return None
    try:
        account = pwd.getpwnam(name)
    except KeyError:
        raise SettingsError(
            f"HUB_SERVICE_USER names '{name}', which is no account of this machine. "
            "Create it (useradd --system hub) or name another one, for example nobody."
        ) from None
    if account.pw_uid == 0:
        raise SettingsError("HUB_SERVICE_USER must not be root: Postgres refuses to run as root. Use nobody.")
    return ServiceUser(name=name, uid=account.pw_uid, gid=account.pw_gid)


def own_name() -> str:
    """Return the name of the account that runs the hub, which Postgres asks for when it checks a peer."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise SettingsError(
            f"User id {os.geteuid()} has no name on this machine, so Postgres can't recognise its owner. "
            "Add an entry to /etc/passwd or run the hub as a named user."
        ) from None


def shut_door(path: Path, user: ServiceUser | None) -> Path | None:
    """Return the first folder on the way to `path`, itself included, that `user` can't enter."""
    if user is None:
        return None
    groups = {user.gid, *(group.gr_gid for group in grp.getgrall() if user.name in group.gr_mem)}
    way = [*reversed(path.resolve().parents), path.resolve()]
    return next((folder for folder in way if folder.exists() and not _may_enter(folder, user.uid, groups)), None)


def _may_enter(folder: Path, uid: int, groups: set[int]) -> bool:
    facts = folder.stat()
    if facts.st_uid == uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    if facts.st_gid in groups:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)
