"""What the UI is told: complete and sound, or it does not start, saying what is wrong without saying a secret."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.settings import UiSettingsError, settings

ROOT = Path(__file__).parents[2]
TOLD = {
    "HUB_UI_SOCKET": "/run/hub/ui.sock",
    "HUB_API_SOCKET": "/run/hub/api.sock",
    "HUB_ISSUER_SOCKET": "/run/hub/issuer.sock",
    "HUB_ISSUER_URL": "http://127.0.0.1:8082/realms/hub/",
    "HUB_UI_COOKIE_SECRET": "s3cret" * 8,
}


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    for name in [one for one in os.environ if one.startswith("HUB_")]:
        monkeypatch.delenv(name)
    for name, value in TOLD.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def test_five_variables_are_enough() -> None:
    assert settings().ui_url == "http://localhost:8080"
    assert settings().issuer_url == "http://127.0.0.1:8082/realms/hub"


@pytest.mark.parametrize("name", TOLD)
def test_one_that_is_missing_is_named(name: str, told: pytest.MonkeyPatch) -> None:
    told.delenv(name)
    with pytest.raises(UiSettingsError, match=f"{name}: "):
        settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_UI_SOCKET", "ui.sock"),
        ("HUB_API_SOCKET", "/" + "x" * 120),
        ("HUB_UI_URL", "localhost:8080"),
        ("HUB_UI_URL", "http://localhost:8080/path"),
        ("HUB_UI_URL", "ftp://localhost"),
        ("HUB_ISSUER_URL", "http://issuer/?x=y"),
        ("HUB_UI_COOKIE_SECRET", "short"),
        ("HUB_API_TIMEOUT_S", "0"),
        ("HUB_MAX_UPLOAD_MIB", "5000"),
    ],
)
def test_one_that_is_wrong_is_named(name: str, value: str, told: pytest.MonkeyPatch) -> None:
    told.setenv(name, value)
    with pytest.raises(UiSettingsError, match=f"{name}: "):
        settings()


def test_the_secret_is_never_said(told: pytest.MonkeyPatch) -> None:
    assert "s3cret" not in repr(settings())
    settings.cache_clear()
    told.setenv("HUB_UI_COOKIE_SECRET", "s3cret")
    with pytest.raises(UiSettingsError) as error:
        settings()
    assert "s3cret" not in str(error.value)


def test_a_start_that_can_not_be_ends_with_one_sentence() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "ui"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 78
    assert "Traceback" not in ended.stderr
    assert "HUB_UI_SOCKET" in ended.stderr
    assert "ui/README.md" in ended.stderr
