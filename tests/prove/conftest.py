"""Fixtures of the long proofs."""

from tests.fixtures.acting import auditors, stewards
from tests.fixtures.leaking import databases

__all__ = ["auditors", "databases", "stewards"]
