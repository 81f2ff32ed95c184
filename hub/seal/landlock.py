"""Landlock: a process sees and writes only the files it was given (Linux 5.13 and newer, without any privilege)."""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from hub.seal import kernel
from hub.seal.plan import Paths

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_ALL_BY_ABI: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL_NOW: Final = (1 << 16) - 1  # since ABI 5: device ioctl
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
#: Adding files to a folder and moving them in it; reading none of them.
_PUT: Final = _WRITE_FILE | _READ_DIR | sum(1 << bit for bit in (4, 5, 7, 8, 13, 14))  # see landlock(7)
_ON_A_FILE: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)
_TCP: Final = 0b11  # bind, connect: ABI 4
_SCOPES: Final = 0b11  # abstract UNIX sockets, signals: ABI 6

_ABI_TCP: Final = 4
_ABI_SCOPES: Final = 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Return the kernel's Landlock version, 0 where it has none."""
    try:
        return kernel.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    except OSError:
        return 0


def restrict(paths: Paths, *, network: bool = False) -> int:
    """Close every file but these, and TCP unless network; returns the ABI, 0 when this kernel has no Landlock."""
    version = abi()
    if not version:
        return 0
    handled = _ALL_BY_ABI.get(version, _ALL_NOW)
    wanted = _Ruleset(
        fs=handled,
        net=_TCP if version >= _ABI_TCP and not network else 0,
        scoped=_SCOPES if version >= _ABI_SCOPES else 0,
    )
    size = 24 if version >= _ABI_SCOPES else 16 if version >= _ABI_TCP else 8
    ruleset = kernel.syscall(_CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        _allow(ruleset, paths.read, _READ & handled)
        _allow(ruleset, paths.put, _PUT & handled)
        _allow(ruleset, paths.write, handled)
        kernel.no_new_privileges()
        kernel.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return version


def _allow(ruleset: int, paths: Iterable[Path], access: int) -> None:
    for path in paths:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except (FileNotFoundError, PermissionError):
            continue  # what this user can't reach needs no rule
        try:
            rule = _PathBeneath(access=access if _is_folder(descriptor) else access & _ON_A_FILE, parent=descriptor)
            kernel.syscall(
                _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0)
            )
        finally:
            os.close(descriptor)


def _is_folder(descriptor: int) -> bool:
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)
