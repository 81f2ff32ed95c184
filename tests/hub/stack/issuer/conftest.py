"""An issuer for each test; the key is made once, since making one takes a moment."""

import shutil
from pathlib import Path

import pytest

from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.passwords import demo_password
from hub.stack.issuer.settings import IssuerSettings
from tests.hub.stack.issuer.browser import Browser, Clock


@pytest.fixture(scope="session")
def first_secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer") / "secrets"
    Issuer(IssuerSettings(socket="/unused", secrets_dir=folder))
    return folder


@pytest.fixture
def secrets_dir(first_secrets: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first_secrets, tmp_path / "secrets"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def browser(secrets_dir: Path, clock: Clock) -> Browser:
    issuer = Issuer(IssuerSettings(socket="/unused", secrets_dir=secrets_dir), clock=clock)
    return Browser(issuer, demo_password(secrets_dir), clock)
