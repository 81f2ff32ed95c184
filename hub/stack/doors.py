"""The parts people come in by: issuer, key-fetcher, reader of originals, API, UI, and the ingress, which listens."""

import json
import secrets
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from catalog.objects import FolderStore
from catalog.vocabulary import PlaceKind
from hub.settings import DoorSettings
from hub.stack.credentials import database_passwords
from hub.stack.folder import DataFolder, read_json, write_private
from hub.stack.issuer.passwords import api_secret, registrar_secret
from hub.stack.keycloak.clients import UI_ADDRESS
from hub.stack.keycloak.realm import REALM_FILE
from hub.stack.originals import settle_store, store_variables
from hub.stack.part import Part, sealed, told
from hub.stack.postgres import PostgresFolder
from hub.stack.probes import answers_health, listens
from hub.stack.settings import StackSettings
from hub.stack.site import Site, site_variables

ROOT: Final = Path(__file__).parents[2]
CERTS: Final = "/protocol/openid-connect/certs"
#: What an API that speaks to an S3 server looks names and certificates up in.
NAME_LOOKUP: Final = tuple(Path("/etc") / name for name in ("hosts", "resolv.conf", "host.conf", "gai.conf", "ssl"))

#: Whose certificates are trusted. Then what Streamlit reads at each session's start, and fails where it may not; it is
#: sent nowhere.
OF_THE_MACHINE: Final = (Path("/etc/ssl"), Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


def door_parts(folder: DataFolder, database: PostgresFolder, settings: StackSettings, site: Site) -> list[Part]:
    """Return the parts in the order they start."""
    return [
        issuer_part(folder, settings),
        keys_part(folder, settings),
        reader_part(folder, database, site),
        api_part(folder, database, settings, site),
        ui_part(folder, settings),
        ingress_part(folder, settings),
    ]


def issuer_part(folder: DataFolder, settings: StackSettings) -> Part:
    """Return the development issuer; it reads the realm with this hub's own address in it."""
    realm = folder.issuer_dir / "realm.json"
    text = REALM_FILE.read_text(encoding="utf-8").replace(UI_ADDRESS, settings.ui_url)
    realm.write_text(text, encoding="utf-8")
    socket, api = folder.socket("issuer"), folder.socket("api")
    reach = (socket.parent, api.parent, folder.issuer_dir)
    return Part(
        name="issuer",
        command=sealed(folder, "issuer", ("hub.stack.issuer",), write=reach),
        ready=partial(answers_health, socket),
        environment={
            "HUB_ISSUER_SOCKET": str(socket),
            "HUB_ISSUER_URL": settings.issuer_url,
            "HUB_ISSUER_REALM_FILE": str(realm),
            "HUB_ISSUER_SECRETS_DIR": str(folder.issuer_dir),
            "HUB_ISSUER_API_SOCKET": str(api),
        },
    )


def keys_part(folder: DataFolder, settings: StackSettings) -> Part:
    """Return the key-fetcher: ready once the issuer's public keys are there."""
    file = folder.keys_file
    reach = (folder.socket("issuer").parent, file.parent)
    return Part(
        name="keys",
        command=sealed(folder, "keys", ("hub.identity.fetch_keys",), write=reach),
        ready=file.exists,
        environment={
            "HUB_KEYS_URL": settings.issuer_url + CERTS,
            "HUB_KEYS_ISSUER_SOCKET": str(folder.socket("issuer")),
            "HUB_KEYS_FILE": str(file),
        },
    )


def reader_part(folder: DataFolder, database: PostgresFolder, site: Site) -> Part:
    """Return the metered reader: it opens originals and has disclosed pages drawn by the parser."""
    store, socket = settle_store(folder, site.place(PlaceKind.STORE)), folder.socket("reader")
    local = store.objects_dir is not None
    start = sealed(
        folder,
        "reader",
        ("ingest.reader",),
        row="reader" if local else "reader-s3",
        read=(folder.objects_dir,) if local else NAME_LOOKUP,
        write=(socket.parent,),
    )
    return Part(
        name="reader",
        command=start,
        ready=partial(listens, socket),
        environment={
            **told("HUB_READER_", "HUB_MAX_DOCUMENT_"),
            **store_variables(store),
            "HUB_STORE_PLACE": site.place(PlaceKind.STORE),
            "HUB_DATABASE_SOCKET_DIR": str(database.socket_dir),
            "HUB_DATABASE_PASSWORD": database_passwords(folder)["hub_reader"],
            "HUB_PARSER_SOCKET": str(folder.parser_socket),
            "HUB_READER_SOCKET": str(socket),
        },
    )


def api_part(folder: DataFolder, database: PostgresFolder, settings: StackSettings, site: Site) -> Part:
    """Return the API; it reads keys and the parts' states, and puts originals without reading any."""
    store = settle_store(folder, site.place(PlaceKind.STORE))
    local = store.objects_dir is not None
    if isinstance(kept := store.store(site.place(PlaceKind.STORE)), FolderStore):
        kept.prepare()
    socket, passwords = folder.socket("api"), database_passwords(folder)
    reader = folder.socket("reader")
    issuer = folder.socket("issuer")
    sockets = (
        *(database.socket_dir, folder.model_socket.parent, socket.parent, folder.keys_file.parent, reader.parent),
        issuer.parent,
    )
    start = sealed(
        folder,
        "api",
        ("hub.api",),
        row="api" if local else "api-s3",
        read=(folder.root / "state", folder.root / "site.json", *(() if local else NAME_LOOKUP)),
        write=(*sockets, folder.incoming_dir),
        put=(folder.objects_dir,) if local else (),
    )
    return Part(
        name="api",
        command=start,
        ready=partial(answers_health, socket),
        environment={
            **told("HUB_MAX_", "HUB_PASSAGES_", "HUB_MIN_", "HUB_EMBED_", "HUB_GENERATE_", "HUB_ANSWERS_", "HUB_MORE_"),
            **site_variables(site),
            **store_variables(store),
            "HUB_API_SOCKET": str(socket),
            **_zones(folder, settings),
            "HUB_DATABASE_SOCKET_DIR": str(database.socket_dir),
            "HUB_DATABASE_PASSWORD": passwords["hub_api"],
            "HUB_DATABASE_PASSWORD_STEWARD": passwords["hub_steward"],
            "HUB_DATABASE_PASSWORD_AUDITOR": passwords["hub_auditor"],
            "HUB_DATABASE_POOL_SIZE": "16",
            "HUB_MODEL_SOCKET": str(folder.model_socket),
            "HUB_READER_SOCKET": str(reader),
            "HUB_ISSUER_URL": settings.issuer_url,
            "HUB_ISSUER_SOCKET": str(issuer),
            "HUB_ISSUER_API_SECRET": api_secret(folder.issuer_dir),
            "HUB_ISSUER_REGISTRAR_SECRET": registrar_secret(folder.issuer_dir),
            "HUB_ISSUER_KEYS_FILE": str(folder.keys_file),
            "HUB_INCOMING_DIR": str(folder.incoming_dir),
            "HUB_DATA_DIR": str(folder.root),
        },
    )


def _zones(folder: DataFolder, settings: StackSettings) -> dict[str, str]:
    """Return what the API is told of further network zones: a socket each, and the address it is called by there."""
    if not settings.zones:
        return {}
    known = DoorSettings.model_fields["api_hosts"].default
    sockets = {zone: str(path) for zone, path in folder.zone_sockets(settings.zones).items()}
    return {
        "HUB_ZONE_SOCKETS": json.dumps(sockets),
        "HUB_API_HOSTS": json.dumps([*known, *map(str, settings.zones.values())]),
    }


def ui_part(folder: DataFolder, settings: StackSettings) -> Part:
    """Return the UI; it reaches the API and the issuer, nothing else."""
    socket = folder.socket("ui")
    sockets = (socket.parent, folder.socket("api").parent, folder.socket("issuer").parent)
    return Part(
        name="ui",
        command=sealed(folder, "ui", ("ui",), read=(ROOT / "ui", ROOT / ".streamlit", *OF_THE_MACHINE), write=sockets),
        cwd=ROOT,  # where Streamlit looks for its configuration
        ready=partial(answers_health, socket, "/_stcore/health", urlsplit(settings.ui_url).netloc),
        environment={
            "HUB_UI_SOCKET": str(socket),
            "HUB_UI_URL": settings.ui_url,
            "HUB_API_SOCKET": str(folder.socket("api")),
            "HUB_ISSUER_SOCKET": str(folder.socket("issuer")),
            "HUB_ISSUER_URL": settings.issuer_url,
            "HUB_UI_COOKIE_SECRET": _cookie_secret(folder),
        },
    )


def ingress_part(folder: DataFolder, settings: StackSettings) -> Part:
    """Return the ingress: three ports on loopback and one on each further zone's address; a socket behind each."""
    doors = {"UI": settings.ui_port, "API": settings.api_port, "ISSUER": settings.issuer_port}
    environment = {f"HUB_INGRESS_{name}_PORT": str(port) for name, port in doors.items()}
    environment |= {f"HUB_INGRESS_{name}_SOCKET": str(folder.socket(name.lower())) for name in doors}
    environment["HUB_INGRESS_READY_SOCKET"] = str(folder.socket("ingress"))
    inside = folder.zone_sockets(settings.zones)
    zones = {str(address): str(inside[zone]) for zone, address in settings.zones.items()}
    environment["HUB_INGRESS_ZONES"] = json.dumps(zones)
    sockets = tuple(folder.socket(name).parent for name in ("ui", "api", "issuer", "ingress"))
    return Part(
        name="ingress",
        command=sealed(folder, "ingress", ("hub.stack.ingress",), write=sockets),
        # Asked by its own socket: another hub's ingress may listen on the same ports.
        ready=partial(answers_health, folder.socket("ingress")),
        environment=environment,
    )


def _cookie_secret(folder: DataFolder) -> str:
    path = folder.secrets_dir / "ui.json"
    known = read_json(path).get("cookie_secret")
    if not isinstance(known, str):
        known = secrets.token_urlsafe(48)
        write_private(path, {"cookie_secret": known})
    return known
