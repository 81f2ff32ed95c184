"""The fixtures of a whole pipeline, for every test of ingestion."""

from tests.ingest.test_worker import equipment, model_socket

__all__ = ["equipment", "model_socket"]
