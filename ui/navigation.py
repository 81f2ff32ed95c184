"""Which screens there are, and who finds which in the menu (the API decides what may be read)."""

from collections.abc import Iterable
from typing import Final

#: In the order of the menu. The first is the address without a path.
SCREENS: Final = ("home", "ask", "search", "datasets", "ingestion", "alerts", "residency", "audit", "system")
PAGES: Final = SCREENS[1:]

ICONS: Final = {
    "home": ":material/home:",
    "ask": ":material/forum:",
    "search": ":material/search:",
    "datasets": ":material/library_books:",
    "ingestion": ":material/upload_file:",
    "alerts": ":material/notifications:",
    "residency": ":material/public:",
    "audit": ":material/receipt_long:",
    "system": ":material/dns:",
}

_READER: Final = {"home", "ask", "search", "datasets"}
BY_ROLE: Final = {
    "researcher": _READER,
    "founder": _READER,
    "steward": {"home", "datasets", "ingestion"},
    "reviewer": {"home", "datasets"},
    "admin": {"home", "datasets", "alerts", "residency", "audit", "system"},
    "auditor": {"home", "alerts", "residency", "audit", "system"},
}


def screens_for(roles: Iterable[str]) -> list[str]:
    """Return the screens of these roles, in the order of the menu; someone without a role we know has Home."""
    found = {"home"}.union(*(BY_ROLE.get(role, set()) for role in roles))
    return [screen for screen in SCREENS if screen in found]
