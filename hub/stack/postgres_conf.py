"""How Postgres is set up: no TCP, the owner by peer, everybody else by password, no document text in its log."""

from pathlib import Path

OWNER_ROLES = ("postgres", "hub_operator")

ACCESS = """\
# Written by the hub at every start.
# TYPE DATABASE USER                   ADDRESS   METHOD
local  all      postgres,hub_operator            peer map=owner
local  all      all                              scram-sha-256
host   all      all                    all       reject
"""

SETTINGS = """\
# Written by the hub at every start.
listen_addresses = ''
port = 5432
unix_socket_permissions = 0777   # the folder around it decides who comes in; then pg_hba.conf
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = 128MB
maintenance_work_mem = 256MB
jit = off                        # queries here are short
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C.UTF-8'
log_line_prefix = '%m [%p] %q%u@%d '
# Statements, parameters and details can hold document text: none of them is logged.
log_statement = 'none'
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
log_checkpoints = off
"""

# For tests only: nothing is kept, so nothing need be forced to disk.
NOT_DURABLE = """\
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"""


def write_configuration(folder: Path, socket_dir: Path, *, owner: str, durable: bool) -> Path:
    """Write the configuration into `folder`, return its main file; `owner` may act as the database's owner."""
    files = {name: folder / name for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf")}
    places = {
        "unix_socket_directories": socket_dir,
        "hba_file": files["pg_hba.conf"],
        "ident_file": files["pg_ident.conf"],
    }
    settings = SETTINGS + "".join(f"{name} = {_quoted(str(value))}\n" for name, value in places.items())
    quoted_owner = owner.replace('"', '""')
    _write(files["pg_hba.conf"], ACCESS)
    _write(files["pg_ident.conf"], "".join(f'owner "{quoted_owner}" {role}\n' for role in OWNER_ROLES))
    _write(files["postgresql.conf"], settings if durable else settings + NOT_DURABLE)
    return files["postgresql.conf"]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o644)  # no secret in it; the service user reads it and can't change it
