"""Fixtures of the properties that must never break."""

from tests.fixtures.acting import auditors, stewards
from tests.fixtures.leaking import databases
from tests.fixtures.opened import opened
from tests.hub.api.conftest import door
from tests.hub.conftest import chat, chat_and_socket, harbour, services

__all__ = ["auditors", "chat", "chat_and_socket", "databases", "door", "harbour", "opened", "services", "stewards"]
