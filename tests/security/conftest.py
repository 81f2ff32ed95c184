"""Fixtures of the properties that must never break."""

from tests.fixtures.opened import opened

__all__ = ["opened"]
