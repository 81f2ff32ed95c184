"""Fixtures of the properties that must never break."""

from tests.fixtures.opened import opened
from tests.hub.api.conftest import door
from tests.hub.conftest import chat, chat_and_socket, harbour, services

__all__ = ["chat", "chat_and_socket", "door", "harbour", "opened", "services"]
