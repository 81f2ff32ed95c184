"""Tie a child to its parent: when the thread that started it dies, by whatever cause, the child gets a signal."""

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def dies_with_parent(on_death: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """Return what a child calls before its program starts, after any change of account, which would undo it.

    It calls nothing that takes a lock, so it is safe as `preexec_fn` of a program without other threads.
    """
    parent = os.getpid()

    def tie() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(on_death), 0, 0, 0)
        if os.getppid() != parent:  # it died before the tie was made
            os._exit(1)

    return tie
