"""Fixtures every test may use."""

pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.nation", "tests.fixtures.parser"]
