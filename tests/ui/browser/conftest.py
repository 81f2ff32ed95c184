"""A real browser before the whole UI: `python -m ui` on its socket, stubs as its peers."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import fields
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.ui.peer import api
from tests.ui.peer.screen import Stack, Watched, chromium, stack, window

Window = Callable[..., AbstractContextManager[Watched]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser is a program of others: these run in `make test-services`, where its absence is a failure."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.service)


@pytest.fixture(scope="session")
def running() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="ui-") as folder, stack(Path(folder)) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, chromium(playwright) as found:
        yield found


@pytest.fixture
def screen(running: Stack) -> Iterator[Stack]:
    """The UI with its peers as new; a fault of ours in its log fails the test."""
    fresh = api.Said()
    for field in fields(api.Said):
        setattr(running.said, field.name, getattr(fresh, field.name))
    running.issuing.life_s, running.issuing.down = 3600, False
    log = running.folder / "ui.log"
    before = log.stat().st_size
    yield running
    with log.open("rb") as file:
        file.seek(before)
        said = file.read().decode()
    assert "Traceback" not in said, said
    assert "fault " not in said, said


@pytest.fixture
def open_window(browser: Browser) -> Window:
    return partial(window, browser)
