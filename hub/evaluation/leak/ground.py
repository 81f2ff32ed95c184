"""The databases of a throw-away hub, each by its own role."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Final

from catalog.db import Database
from catalog.settings import SiteSettings, load
from hub.evaluation.leak.world import Databases
from hub.local import api_settings, data_folder
from hub.stack.credentials import database_passwords
from hub.stack.parts import database_of
from hub.stack.settings import StackSettings

_ROLES: Final = ("hub_operator", "hub_api", "hub_worker", "hub_steward", "hub_auditor")


@contextmanager
def databases() -> Iterator[Databases]:
    """Open them; one connection each, so that everybody comes after somebody else on it."""
    folder = data_folder()
    settings, passwords = database_of(folder, load(StackSettings)), database_passwords(folder)
    site = api_settings(folder).model_dump(include=set(SiteSettings.model_fields))
    with ExitStack() as opened:
        pools = {
            role: opened.enter_context(
                closing(Database(settings.url(role).set(password=passwords.get(role)), pool_size=1))
            )
            for role in _ROLES
        }
        yield Databases(**{role.removeprefix("hub_"): pool for role, pool in pools.items()}, site=SiteSettings(**site))
