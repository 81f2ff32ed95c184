"""One real Keycloak for all tests of a run that need one."""

from collections.abc import Iterator

import pytest

from tests.e2e.services import keycloak
from tests.e2e.services.keycloak_people import with_credentials
from tests.e2e.services.versitygw import free_port


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[keycloak.Server]:
    port = free_port()
    folder, realm = tmp_path_factory.mktemp("keycloak"), with_credentials(api_port=port)
    with keycloak.running(folder, realm, api_port=port) as found:
        plugins, told = request.config.pluginmanager, f"Keycloak {found.version_told()} answers"
        capture, reporter = plugins.getplugin("capturemanager"), plugins.getplugin("terminalreporter")
        assert capture
        assert reporter
        with capture.global_and_fixture_disabled():
            reporter.write_line(f"\n{told}")
        yield found
