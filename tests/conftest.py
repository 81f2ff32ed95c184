"""Fixtures every test may use."""

import os

#: A hub started by a test lets nobody in unless the test says so, with ports of its own: several run at once.
os.environ["HUB_DOORS"] = "false"

pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.ground", "tests.fixtures.parser"]
