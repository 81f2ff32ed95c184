"""The identity suite on the development issuer."""

from collections.abc import Iterator

import pytest

from hub.stack.issuer.passwords import api_secret, demo_password
from hub.stack.keycloak.people import DemoPerson
from tests.hub.identity.identity_suite import IdentitySuite
from tests.hub.identity.visitor import Desk
from tests.hub.stack.issuer.served import served


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("issuer")
    secrets = folder / "secrets"
    with served(secrets, folder) as issuer:
        yield Desk(issuer=issuer.url, password=demo_password(secrets), api_secret=api_secret(secrets))


class TestDevelopmentIssuer(IdentitySuite):
    def methods(self, _: DemoPerson) -> list[str]:
        return ["pwd"]
