"""Fixtures every test may use."""

import os

import pytest

#: A hub started by a test lets nobody in unless the test says so, with ports of its own: several run at once.
os.environ["HUB_DOORS"] = "false"

pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.ground", "tests.fixtures.parser"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda one: one.get_closest_marker("long") is None)
