"""Keeps beside the database what it says was charged, and gives that back to an older copy of it.

It is looked at when the database has started, before anything else starts, and again every few seconds: who puts an
older copy back gets none of what was read since, but what was read in the last of these seconds.
"""

import json
from typing import Final

from catalog import high_water
from catalog.db import Database, Operator
from catalog.errors import DependencyError, InvalidError
from hub.stack.folder import DataFolder, write_private

_NAME: Final = "high-water"
_UNREADABLE: Final = (
    "What was charged so far can't be read from {path}, so nothing is served: an older copy of the database could give "
    "it out anew. Put that file back from a copy of the data folder. Remove it only if the database was never put back."
)


def keep(folder: DataFolder, database: Database, operator: Operator) -> int:
    """Raise what is lower than it was, keep what is higher, and return how many counters were lower.

    DependencyError when the file is there and can't be read, or can't be written.
    """
    path = folder.state(_NAME)
    try:
        held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        with database.begin(operator) as session:
            raised = high_water.take_up(session, held)
            now = high_water.charged(session)
    except (OSError, ValueError, AttributeError, InvalidError) as error:
        raise DependencyError(_UNREADABLE.format(path=path)) from error
    highest = {name: max(held.get(name, 0), now.get(name, 0)) for name in sorted({*held, *now})}
    try:
        if highest != held:
            write_private(path, highest)
    except OSError as error:
        raise DependencyError(
            f"What was charged can't be kept in {path} ({error.strerror}). Make room there."
        ) from error
    return raised
