"""The passwords of the database's roles: made once, kept for the owner's eyes, given to Postgres hashed."""

import secrets
from collections.abc import Mapping

import psycopg

from catalog.errors import DependencyError, SettingsError
from hub.stack.folder import DataFolder, read_json, write_private
from hub.stack.postgres import SUPERUSER, PostgresFolder

ROLES = ("hub_api", "hub_worker", "hub_steward", "hub_auditor", "hub_reader")


def database_passwords(folder: DataFolder) -> dict[str, str]:
    """Return each role's password, made at the first call. SettingsError when others could read them."""
    path = folder.secrets_dir / "database.json"
    if path.exists() and path.stat().st_mode & 0o077:
        raise SettingsError(f"{path} can be read by others. Take it back: chmod 600 {path}; then remove it to renew.")
    known = read_json(path)
    passwords = {role: str(known.get(role) or secrets.token_urlsafe(32)) for role in ROLES}
    if passwords != known:
        write_private(path, passwords)
    return passwords


def set_passwords(postgres: PostgresFolder, passwords: Mapping[str, str]) -> None:
    """Tell Postgres; only the hash travels."""
    change_passwords(passwords, host=str(postgres.socket_dir), dbname="postgres")


def change_passwords(passwords: Mapping[str, str], *, host: str, dbname: str, password: str | None = None) -> None:
    """Tell the Postgres whose socket lies in `host`, as its superuser; only the hash travels. DependencyError."""
    try:
        with psycopg.connect(host=host, port=5432, user=SUPERUSER, dbname=dbname, password=password) as connection:
            for role, word in passwords.items():
                connection.pgconn.change_password(role.encode(), word.encode())
    except psycopg.Error as error:
        raise DependencyError(f"The database's passwords could not be set: {type(error).__name__}.") from error
