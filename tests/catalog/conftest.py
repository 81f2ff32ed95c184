"""Fixtures of the catalog's tests."""

from tests.fixtures.acting import auditors, stewards

__all__ = ["auditors", "stewards"]
