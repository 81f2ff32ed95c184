"""Each library is reached through its door and from nowhere else; a library without a line here may not be imported."""

import sys
from collections.abc import Iterable

import pytest

from tests.architecture.code import PACKAGES, Source, source, sources

#: House law 3, and a line for every other library there is: library → the only files or folders that import it.
DOORS: dict[str, tuple[str, ...]] = {
    # what reads documents
    "unstructured": ("ingest/parse.py",),
    "docx": ("ingest/parse.py", "ingest/samples.py", "hub/demo/files.py"),  # the last two write sample files
    "lxml": ("ingest/parse.py", "ingest/hidden.py"),
    "pypdfium2": ("ingest/pdf.py", "ingest/picture.py"),
    "charset_normalizer": ("ingest/decode.py",),
    "langdetect": ("ingest/language.py",),
    # models
    "sentence_transformers": ("hub/models/",),
    "torch": ("hub/models/",),
    "openvino": ("hub/serving/openvino_door.py",),
    "xllamacpp": ("hub/serving/chat.py",),
    "tokenizers": ("hub/serving/embedder.py",),
    "numpy": ("hub/serving/", "hub/evaluation/bench/"),
    "fastapi": ("hub/serving/app.py", "hub/app.py", "hub/api/", "hub/errors.py", "hub/identity/"),
    "starlette": ("hub/stack/issuer/", "hub/app.py", "hub/api/", "hub/errors.py"),
    "uvicorn": (
        "hub/evaluation/bench/echo.py",
        "hub/serving/__main__.py",
        "hub/stack/issuer/__main__.py",
        "hub/api/",
        "hub/app.py",
        "ui/__main__.py",
    ),
    "llama_index": ("ingest/chunk.py", "hub/retrieve.py", "hub/generate.py"),
    "openai": ("hub/generate.py",),
    "aiohttp": ("hub/evaluation/bench/doors.py",),
    "httpx": (
        "hub/identity/",
        "hub/stack/issuer/farewell.py",
        "hub/evaluation/crawl/",
        "catalog/sockets.py",
        "catalog/embedding.py",
        "hub/generate.py",
        "ui/client.py",
    ),
    # data
    "sqlalchemy": ("catalog/", "migrations/"),
    "alembic": ("migrations/",),
    "pgvector": ("catalog/", "migrations/"),
    "psycopg": ("catalog/", "migrations/", "hub/stack/postgres.py", "hub/stack/credentials.py"),
    "psycopg_pool": ("catalog/jobs.py",),
    "procrastinate": ("catalog/jobs.py",),
    "minio": ("catalog/objects.py",),
    "urllib3": ("catalog/objects.py",),
    "pycountry": ("catalog/residency.py",),
    # decisions and identity
    "cedarpy": ("catalog/policy/decide.py",),
    "joserfc": ("hub/identity/",),
    "keycloak": ("hub/identity/provisioning/server.py",),
    "keyring": ("hub/identity/kept.py",),
    # walls
    "pyseccomp": ("hub/seal/filter.py",),
    # settings, words and screens
    "pydantic": (*(f"{package}/" for package in PACKAGES),),
    "pydantic_settings": ("catalog/settings.py", "catalog/store_settings.py", "hub/", "ingest/settings.py", "ui/"),
    "structlog": ("ingest/", "hub/"),
    "typer": ("hub/cli.py", "hub/commands/"),
    "rich": ("hub/commands/",),
    "streamlit": ("ui/",),
    "authlib": ("ui/issuer.py",),
    "httpx2": ("ui/issuer.py",),
}

#: Who may name a thing of a library without going through the door to use it.
NAMES: dict[str, tuple[str, ...]] = {
    "sqlalchemy.orm.Session": (
        "hub/api/reach.py",
        "hub/api/asking.py",
        "hub/api/audit.py",
        "hub/api/previews.py",
        "hub/ask.py",
        "ingest/tag.py",
        "ingest/worker.py",
        "hub/submit.py",
        "hub/local.py",
        "hub/demo/nation.py",
        "hub/evaluation/leak/reads/visit.py",
        "hub/stack/provenance.py",
    ),
    "sqlalchemy.exc.SQLAlchemyError": (
        "hub/stack/parts.py",
        "hub/stack/provision.py",
        "hub/commands/db.py",
    ),  # a migration that failed
    "sqlalchemy": ("hub/stack/postgres.py",),  # builds the address of the socket
    "sqlalchemy.URL": ("hub/stack/provision.py",),  # the same
}
#: Queries outside the catalog: each belongs into it.
QUERIES_OUTSIDE: dict[str, tuple[str, ...]] = {
    "sqlalchemy.text": ("hub/commands/db.py",),
    "sqlalchemy.select": ("hub/evaluation/corpus.py",),
    "sqlalchemy.orm.Session": ("hub/evaluation/corpus.py",),
}


def strangers(files: Iterable[Source]) -> list[str]:
    """Every import that goes past a door."""
    found = []
    for file in files:
        for node, name in file.imports():
            library = name.partition(".")[0]
            if library in sys.stdlib_module_names or library in PACKAGES:
                continue
            doors = (*DOORS.get(library, ()), *NAMES.get(name, ()), *QUERIES_OUTSIDE.get(name, ()))
            if not file.below(*doors):
                found.append(f"{file.at(node)}: {name}")
    return found


def test_every_import_goes_through_its_door() -> None:
    assert strangers(sources()) == []


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("import minio", "hub/app.py"),
        ("from unstructured.partition.html import partition_html", "hub/ask.py"),
        ("def f() -> None:\n    import cedarpy", "catalog/policy/facts.py"),
        ("from sqlalchemy import text", "hub/ask.py"),
        ("from sqlalchemy import text", "ingest/tag.py"),
        ("import requests", "catalog/embedding.py"),
        ("import streamlit", "hub/cli.py"),
    ],
)
def test_an_import_past_a_door_is_seen(line: str, path: str) -> None:
    assert len(strangers([source(line, path)])) == 1


def test_a_door_that_nobody_uses_any_more_is_taken_out() -> None:
    """A line that allows what nobody does hides what somebody will do; rooms that are not built yet may stand."""
    used = {(module.partition(".")[0], file.path) for file in sources() for _, module in file.imports()}
    idle = [
        f"{library}: {door}"
        for library, doors in DOORS.items()
        for door in doors
        if exists(door)
        and library not in SHARED
        and not any(name == library and opens(door, path) for name, path in used)
    ]
    assert idle == []


#: Libraries any room of theirs may use.
SHARED = {"pydantic", "pydantic_settings", "structlog", "fastapi", "starlette", "uvicorn", "httpx"}


def exists(door: str) -> bool:
    return any(opens(door, file.path) for file in sources())


def opens(door: str, path: str) -> bool:
    return path.startswith(door) if door.endswith("/") else path == door


def test_nothing_is_imported_by_a_name_made_at_run_time_but_the_parser() -> None:
    """What a contract can't see: the fork server loads its entry by name, and asks whether a program is installed."""
    found = {
        file.path
        for file in sources()
        for _, name in file.calls()
        if name.endswith(("import_module", "__import__")) or name in {"exec", "eval"}
    }
    assert found <= {"hub/seal/forkserver.py"}
