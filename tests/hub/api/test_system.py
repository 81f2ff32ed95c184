"""`/health`: which part is missing, told to anyone and nothing besides."""

from contextlib import closing
from pathlib import Path

from catalog.db import Database
from catalog.errors import DependencyError
from tests.hub.api.conftest import Door


class Gone:
    """A store that can't be reached."""

    place = "store"

    def has(self, _: str) -> bool:
        raise DependencyError("The object store at http://10.0.0.7:9000 can't be reached.")


def health(door: Door) -> dict[str, object]:
    answer = door.client.get("/health")
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_with_every_part_there_it_is_well(door: Door) -> None:
    assert health(door) == {"status": "ok", "parts": {"database": True, "model": True, "store": True}}


def test_a_store_that_can_not_be_reached_is_said_and_nothing_of_where_it_is(door: Door) -> None:
    object.__setattr__(door.hub, "store", Gone())
    assert health(door) == {"status": "degraded", "parts": {"database": True, "model": True, "store": False}}


def test_a_model_server_that_is_gone_is_said(door: Door) -> None:
    absent = door.hub.settings.model_socket.with_name("absent.sock")
    object.__setattr__(door.hub, "settings", door.hub.settings.model_copy(update={"model_socket": absent}))
    assert health(door)["parts"] == {"database": True, "model": False, "store": True}


def test_a_database_that_is_gone_is_said(door: Door, tmp_path: Path) -> None:
    url = door.nation.database.url("hub_api")
    with closing(Database(url.update_query_dict({"host": str(tmp_path)}), pool_size=1)) as nowhere:
        object.__setattr__(door.hub.services, "database", nowhere)
        assert health(door)["parts"] == {"database": False, "model": True, "store": True}
