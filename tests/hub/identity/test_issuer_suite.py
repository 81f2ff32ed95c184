"""The identity suite on the development issuer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from hub.identity import Registrar
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.passwords import api_secret, demo_password, registrar_secret
from hub.stack.keycloak.people import DemoPerson
from tests.hub.identity.identity_suite import IdentitySuite
from tests.hub.identity.programs_suite import AUDIENCE, ProgramsSuite
from tests.hub.identity.visitor import Desk
from tests.hub.stack.issuer.served import on_socket, served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer")


@pytest.fixture(scope="module")
def issuer(folder: Path) -> Iterator[Issuer]:
    with served(folder / "secrets", folder) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def desk(issuer: Issuer, folder: Path) -> Desk:
    secrets = folder / "secrets"
    return Desk(issuer=issuer.url, password=demo_password(secrets), api_secret=api_secret(secrets))


class TestDevelopmentIssuer(IdentitySuite):
    def methods(self, _: DemoPerson) -> list[str]:
        return ["pwd"]


class TestDevelopmentIssuersPrograms(ProgramsSuite):
    @pytest.fixture
    def registrar(self, issuer: Issuer, folder: Path, tmp_path: Path) -> Iterator[Registrar]:
        secret = SecretStr(registrar_secret(folder / "secrets"))
        socket = tmp_path / "issuer.sock"
        with on_socket(issuer, socket):
            yield Registrar(issuer=issuer.url, socket=socket, client="hub-registrar", secret=secret, audience=AUDIENCE)
