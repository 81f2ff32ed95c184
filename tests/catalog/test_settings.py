"""Settings are read once, frozen, and a wrong one is said by the name of its variable."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings

from catalog.errors import SettingsError
from catalog.settings import CONFIG, DatabaseSettings, SiteSettings, load

SITE = {
    "HUB_SITE": "site",
    "HUB_DATABASE_PLACE": "database",
    "HUB_STORE_PLACE": "store",
    "HUB_WORKER_PLACE": "worker",
    "HUB_ENDPOINT_PLACE": "endpoint",
    "HUB_ZONE_PLACE": "zone",
    "HUB_SEALED": "true",
}
DATABASE = {"HUB_DATABASE_SOCKET_DIR": "/run/hub"}
#: A wrong value, and the words the message must hold beside the variable's name.
WRONG: list[tuple[type[BaseSettings], dict[str, str], str, str, str]] = [
    (SiteSettings, SITE, "HUB_SITE", "", "at least 1 character"),
    (SiteSettings, SITE, "HUB_DATABASE_PLACE", "", "at least 1 character"),
    (SiteSettings, SITE, "HUB_STORE_PLACE", "", "at least 1 character"),
    (SiteSettings, SITE, "HUB_WORKER_PLACE", "", "at least 1 character"),
    (SiteSettings, SITE, "HUB_ENDPOINT_PLACE", "", "at least 1 character"),
    (SiteSettings, SITE, "HUB_ZONE_PLACE", "", "at least 1 character"),
    (SiteSettings, SITE, "HUB_SEALED", "perhaps", "valid boolean"),
    (SiteSettings, SITE, "HUB_SEALED", "", "valid boolean"),
    (DatabaseSettings, DATABASE, "HUB_DATABASE_POOL_SIZE", "0", "greater than or equal to 1"),
    (DatabaseSettings, DATABASE, "HUB_DATABASE_POOL_SIZE", "65", "less than or equal to 64"),
    (DatabaseSettings, DATABASE, "HUB_DATABASE_POOL_SIZE", "-1", "greater than or equal to 1"),
    (DatabaseSettings, DATABASE, "HUB_DATABASE_POOL_SIZE", "many", "valid integer"),
    (DatabaseSettings, DATABASE, "HUB_DATABASE_POOL_SIZE", "1.5", "valid integer"),
]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)


def put(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_a_site_is_read_from_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SITE)
    read = load(SiteSettings)
    assert (read.site, read.database_place, read.store_place) == ("site", "database", "store")
    assert (read.worker_place, read.endpoint_place, read.sealed) == ("worker", "endpoint", True)
    assert read.zone_place == "zone"


@pytest.mark.parametrize("missing", SITE)
def test_a_hub_that_does_not_know_where_it_stands_does_not_start(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    put(monkeypatch, {name: value for name, value in SITE.items() if name != missing})
    with pytest.raises(SettingsError) as caught:
        load(SiteSettings)
    assert f"({missing}: Field required)" in str(caught.value)


def test_all_missing_variables_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load(SiteSettings)
    assert [name for name in SITE if f"{name}: Field required" not in str(caught.value)] == []
    assert str(caught.value).startswith("SiteSettings can't be read (")
    assert str(caught.value).endswith("The variables are described in README.md.")


@pytest.mark.parametrize(("kind", "right", "name", "value", "words"), WRONG)
def test_a_wrong_value_is_said_by_its_variable_and_what_it_should_look_like(  # noqa: PLR0913, PLR0917  # a row of the table
    monkeypatch: pytest.MonkeyPatch,
    kind: type[BaseSettings],
    right: dict[str, str],
    name: str,
    value: str,
    words: str,
) -> None:
    put(monkeypatch, {**right, name: value})
    with pytest.raises(SettingsError) as caught:
        load(kind)
    assert name in str(caught.value)
    assert words in str(caught.value)
    assert [other for other in right if other != name and other in str(caught.value)] == []


def test_a_value_given_as_an_argument_wins_over_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SITE)
    assert load(SiteSettings, site="elsewhere").site == "elsewhere"


def test_an_argument_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SITE)
    with pytest.raises(SettingsError, match="HUB_SEALD: Extra inputs are not permitted"):
        load(SiteSettings, seald=True)


@pytest.mark.parametrize(("kind", "right"), [(SiteSettings, SITE), (DatabaseSettings, DATABASE)])
def test_settings_can_not_be_changed_once_read(
    monkeypatch: pytest.MonkeyPatch, kind: type[BaseSettings], right: dict[str, str]
) -> None:
    put(monkeypatch, right)
    read = load(kind)
    for name in kind.model_fields:
        with pytest.raises(ValidationError):
            setattr(read, name, getattr(read, name))


def test_a_secret_is_in_no_message_and_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {**DATABASE, "HUB_DATABASE_PASSWORD": "kestrel-42", "HUB_DATABASE_POOL_SIZE": "kestrel-42"})
    with pytest.raises(SettingsError) as caught:
        load(DatabaseSettings)
    assert "kestrel-42" not in str(caught.value)
    monkeypatch.delenv("HUB_DATABASE_POOL_SIZE")
    read = load(DatabaseSettings)
    assert "kestrel-42" not in repr(read) + str(read.model_dump()) + str(read.url("hub_api"))


def test_no_field_that_holds_a_secret_has_a_default_one() -> None:
    for kind in (SiteSettings, DatabaseSettings):
        for field in kind.model_fields.values():
            assert not isinstance(field.default, SecretStr)


@pytest.mark.parametrize(
    ("values", "password"),
    [({}, None), ({"database_password": "pw"}, "pw"), ({"database_password": "p@ss/w:ord"}, "p@ss/w:ord")],
)
def test_a_role_reaches_the_database_by_its_socket(values: dict[str, Any], password: str | None) -> None:
    url = load(DatabaseSettings, database_socket_dir="/run/hub", database_name="n", **values).url("hub_api")
    assert (url.drivername, url.username, url.password, url.database) == (
        "postgresql+psycopg",
        "hub_api",
        password,
        "n",
    )
    assert dict(url.query) == {"host": "/run/hub"}
    assert (url.host, url.port) == (None, None)


def test_defaults_are_those_the_documentation_gives() -> None:
    read = load(DatabaseSettings, database_socket_dir="/run/hub")
    assert (read.database_name, read.database_password, read.database_pool_size) == ("hub", None, 4)
    assert read.database_socket_dir == Path("/run/hub")


def test_a_nested_or_unprefixed_setting_is_named_by_its_path() -> None:
    class Inner(BaseModel):
        port: int

    class Outer(BaseSettings):
        model_config = CONFIG
        inner: Inner

    class Plain(BaseModel):
        limit_s: Annotated[int, Field(gt=0)]

    with pytest.raises(SettingsError, match="HUB_INNER_PORT: Input should be a valid integer"):
        load(Outer, inner={"port": "high"})
    with pytest.raises(SettingsError, match=r"Plain can't be read \(LIMIT_S: Input should be greater than 0\)"):
        load(Plain, limit_s=0)


def test_the_error_does_not_carry_the_values_it_was_made_from(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, {**DATABASE, "HUB_DATABASE_POOL_SIZE": "kestrel-42"})
    with pytest.raises(SettingsError) as caught:
        load(DatabaseSettings)
    assert caught.value.__suppress_context__
    assert "kestrel-42" not in str(caught.value.__context__)
