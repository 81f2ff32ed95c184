"""Starts the worker: `python -m ingest`, settings from the environment."""

import logging
import sys
from functools import partial

import structlog

from catalog.db import Database
from catalog.embedding import EmbeddingClient
from catalog.errors import SettingsError
from catalog.jobs import WorkerOptions, run_worker
from catalog.settings import SiteSettings, load
from ingest.nightly import scan_residency
from ingest.pipeline import Equipment
from ingest.sandbox import SandboxLimits
from ingest.settings import WorkerSettings
from ingest.worker import Patience, handle, log

ROLE = "hub_worker"
_EXIT_SETTINGS = 78  # EX_CONFIG of sysexits.h


def main() -> int:
    """Run until SIGTERM; 78 when a setting is wrong."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # it prints tracebacks with job arguments
    try:
        settings = load(WorkerSettings)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return _EXIT_SETTINGS
    work(settings)
    return 0


def work(settings: WorkerSettings) -> None:
    """Put the parts together and work."""
    database = Database(settings.url(ROLE), pool_size=settings.worker_concurrency + 1)
    options = WorkerOptions(
        concurrency=settings.worker_concurrency,
        stalled_after_s=settings.worker_stalled_after_s,
        alone=settings.worker_alone,
    )
    patience = Patience(max_attempts=settings.worker_max_attempts, max_deaths=settings.worker_max_deaths)
    equipment = equip(settings, database)
    handler = partial(handle, equipment=equipment, patience=patience)
    nightly = partial(scan_residency, equipment, settings.labels_dir)
    log.info("worker.started", name=settings.worker_name)
    try:
        run_worker(settings.url(ROLE), handler, options, _unreachable, nightly)
    finally:
        database.close()
    log.info("worker.stopped", name=settings.worker_name)


def _unreachable(error: str) -> None:
    log.warning("queue.unreachable", error=error)


def equip(settings: WorkerSettings, database: Database) -> Equipment:
    """Build what the pipeline needs."""
    return Equipment(
        database=database,
        objects=settings.store(settings.store_place),
        embedders={
            place: EmbeddingClient(socket, timeout_s=settings.model_timeout_s)
            for place, socket in {settings.endpoint_place: settings.model_socket, **settings.more_endpoints}.items()
        },
        parser_socket=settings.parser_socket,
        site=SiteSettings(**{name: getattr(settings, name) for name in SiteSettings.model_fields}),
        worker=settings.worker_name,
        max_document_bytes=settings.max_document_bytes,
        sandbox_limits=SandboxLimits(
            cpu_s_per_10_mib=settings.parser_cpu_s_per_10_mib,
            wall_factor=settings.parser_wall_factor,
            max_text_characters=settings.max_text_characters,
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
