"""What holds whatever a configuration file or the environment says, seen in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAY = """
import json
from streamlit import config
from authlib.integrations.starlette_client import StarletteOAuth2App
from ui.serve import FIXED, create_app
from ui.settings import settings
create_app(settings())
client = StarletteOAuth2App.client_cls(client_id="x")
told = {name: config.get_option(name) for name in FIXED}
told["upload"] = config.get_option("server.maxUploadSize")
told["socket"] = client._transport._pool._uds
told["proxies"] = len(client._mounts)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("served")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(
        '[client]\nshowErrorDetails = "full"\n[server]\nenableXsrfProtection = false\nenableStaticServing = true\n'
        'fileWatcherType = "auto"\nenableAgentApi = true\n[browser]\ngatherUsageStats = true\n',
        encoding="utf-8",
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "STREAMLIT_CLIENT_TOOLBAR_MODE": "developer",
        "HUB_UI_SOCKET": "/run/hub/ui.sock",
        "HUB_API_SOCKET": "/run/hub/api.sock",
        "HUB_ISSUER_SOCKET": "/run/hub/issuer.sock",
        "HUB_ISSUER_URL": "http://127.0.0.1:8082/realms/hub",
        "HUB_UI_COOKIE_SECRET": "k" * 40,
        "HUB_MAX_UPLOAD_MIB": "7",
    }
    ended = subprocess.run(
        [sys.executable, "-c", SAY], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(ended.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("browser.gatherUsageStats", False),
        ("client.disableDataExport", True),
        ("client.showErrorDetails", "none"),
        ("client.toolbarMode", "minimal"),
        ("global.developmentMode", False),
        ("server.enableAgentApi", False),
        ("server.enableStaticServing", False),
        ("server.enableXsrfProtection", True),
        ("server.fileWatcherType", "none"),
        ("server.trustedUserHeaders", {}),
        ("upload", 7),
    ],
)
def test_an_option_that_keeps_people_safe_can_not_be_changed(
    option: str, value: object, told: dict[str, object]
) -> None:
    assert told[option] == value


def test_every_client_to_the_issuer_goes_through_its_socket_and_no_proxy(told: dict[str, object]) -> None:
    assert (told["socket"], told["proxies"]) == ("/run/hub/issuer.sock", 0)
