"""compose.yaml against its schema, against the settings classes, and against the parts that run on one machine."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings
from ruamel.yaml import YAML

from hub.identity.fetch_keys import KeyFetcherSettings
from hub.seal.plan import PLAN
from hub.serving.settings import ModelServerSettings
from hub.settings import DoorSettings
from hub.stack.outlet import OutletSettings
from hub.stack.provision import ProvisionSettings
from hub.stack.status import PARTS
from ingest.settings import ReaderSettings, WorkerSettings
from ui.settings import UiSettings

ROOT = Path(__file__).parents[3]
#: What each of our services is told by, beside the store's variables the API reads too.
CLASSES: dict[str, type[BaseSettings]] = {
    "migrate": ProvisionSettings,
    "model": ModelServerSettings,
    "worker": WorkerSettings,
    "reader": ReaderSettings,
    "outlet": OutletSettings,
    "keys": KeyFetcherSettings,
    "api": DoorSettings,
    "ui": UiSettings,
}
STORE = {"HUB_S3_ENDPOINT", "HUB_S3_BUCKET", "HUB_S3_REGION", "HUB_S3_TLS", "HUB_S3_ACCESS_KEY", "HUB_S3_SECRET_KEY"}
#: Told by the launcher of the walls.
BY_THE_SEAL = {"HUB_SEALED"}
OF_OTHERS = {"s3", "keycloak", "identity-database", "ingress", "postgres"}
#: One machine's own: it has a development issuer; containers have Keycloak and the way to it.
INSTEAD = {"issuer": {"keycloak", "identity-database", "outlet", "s3", "migrate"}}
WITHOUT_NETWORK = {"postgres", "migrate", "model", "parser", "keys", "ui"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    return json.loads(json.dumps(YAML(typ="safe").load(text)))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


def test_it_fits_the_compose_specification() -> None:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*program, str(ROOT / "compose.yaml")], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_names_the_same_parts_as_one_machine_runs(services: dict[str, Any]) -> None:
    shared = set(PARTS) - set(INSTEAD)
    assert set(services) == shared | INSTEAD["issuer"]


def names_of(kind: type[BaseSettings]) -> tuple[set[str], set[str]]:
    """Every variable a settings class knows, and those it needs."""
    prefix = str(kind.model_config.get("env_prefix", ""))
    fields = kind.model_fields.items()
    return (
        {f"{prefix}{name}".upper() for name, _ in fields},
        {f"{prefix}{name}".upper() for name, field in fields if field.is_required()},
    )


@pytest.mark.parametrize("service", CLASSES)
def test_each_service_is_told_what_its_settings_need_and_nothing_they_do_not_know(
    services: dict[str, Any], service: str
) -> None:
    told = set(services[service].get("environment", {}))
    known, needed = names_of(CLASSES[service])
    assert needed - BY_THE_SEAL <= told
    assert told <= known | (STORE if service == "api" else set())


def test_every_image_is_pinned_and_every_service_is_watched_and_stripped(services: dict[str, Any]) -> None:
    for name, service in services.items():
        image = service["image"]
        assert re.search(r":[^:/}]*\d+\.\d+", image), f"{name}: {image}"
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service, name
        assert "healthcheck" in service or name == "migrate", name
        assert not any("docker.sock" in str(volume) for volume in service.get("volumes", [])), name


def test_the_ingress_alone_is_published_and_every_other_network_is_internal(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if service.get("ports")] == ["ingress"]
    internal = {name for name, network in compose["networks"].items() if (network or {}).get("internal")}
    assert set(compose["networks"]) - internal == {"front"}
    assert [name for name, service in services.items() if "front" in service.get("networks", [])] == ["ingress"]
    assert {name for name, service in services.items() if service.get("network_mode") == "none"} == WITHOUT_NETWORK
    assert all(service.get("networks") or service.get("network_mode") == "none" for service in services.values())


def test_what_holds_text_runs_inside_its_row_of_the_plan(services: dict[str, Any]) -> None:
    for name in set(services) - OF_OTHERS - {"migrate", "outlet"}:
        command = services[name]["command"]
        assert command[:3] == ["python", "-m", "hub.seal"], name
        assert command[3] in PLAN, name
        assert command[3].removesuffix("-s3") == name


def test_the_api_has_a_key_of_its_own_to_the_originals(services: dict[str, Any]) -> None:
    assert services["api"]["environment"]["HUB_S3_ACCESS_KEY"] != services["worker"]["environment"]["HUB_S3_ACCESS_KEY"]


def test_no_secret_has_a_default_and_each_is_named_in_the_example(services: dict[str, Any]) -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", json.dumps(services)))
    example = {line.partition("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if "=" in line}
    assert asked == example
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|ACCESS_KEY)\w*)(?!\w|:\?)", json.dumps(services))
    assert secrets == []


def test_the_image_is_built_from_the_lock_by_hashes_for_an_ordinary_user() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in lines
    assert lines.rstrip().endswith("USER hub")


def test_what_the_registrar_does_at_the_issuer_is_no_door_of_the_world(services: dict[str, Any]) -> None:
    caddy = (ROOT / "hub/stack/Caddyfile").read_text(encoding="utf-8")
    published, _, inside = caddy.partition("{$HUB_ISSUER_HOST}:8443 {")
    assert "/admin" not in published
    assert "/admin/realms/hub/clients" in inside
    assert services["outlet"]["environment"]["HUB_OUTLET_PORT"] == "8443"
    assert [port.rpartition(":")[2] for port in services["ingress"]["ports"]] == ["443"]
