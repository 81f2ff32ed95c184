"""The queue on the same Postgres: enqueue in the caller's transaction, run a worker. The only door to procrastinate."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.schema import SchemaManager
from psycopg_pool import PoolTimeout
from sqlalchemy import URL, text
from sqlalchemy.orm import Session

from catalog.errors import TransientError
from catalog.vocabulary import DatasetId, VersionId

SCHEMA: Final = "queue"
QUEUE: Final = "ingest"
_TASK: Final = "take_in"
_RESCUE: Final = "rescue"
_NIGHTLY: Final = "nightly"
_EVERY_NIGHT: Final = "17 2 * * *"
_EVERY_15_S: Final = "* * * * * */15"  # cron with a sixth column for seconds


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One job in a worker's hands."""

    version_id: VersionId
    dataset_id: DatasetId
    attempts: int  # how often it was tried before
    rescues: int  # how often a worker died over it


@dataclass(frozen=True, kw_only=True)
class QueueCounts:
    """How much there is to do."""

    waiting: int
    running: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """How a worker behaves."""

    concurrency: int = 1
    heartbeat_s: float = 2.0
    stalled_after_s: float = 20.0  # a worker silent for this long counts as dead
    alone: bool = False  # the only worker there is: what is claimed when it starts was left by a dead one
    first_retry_s: int = 2
    longest_retry_s: int = 60
    poll_s: float = 5.0


Handler = Callable[[Claim], None]
#: What a worker does once a night, in a thread; it handles its own failures.
Nightly = Callable[[], None]


def queue_schema_sql() -> str:
    """Return procrastinate's own schema for the schema `queue`, its functions bound to it, and the worker's grants.

    Run it once, without parameters, as the owner of that (existing) schema and inside a transaction.
    """
    grants = "\n".join(
        f"GRANT {privileges} {SCHEMA} TO hub_worker;"
        for privileges in (
            "USAGE ON SCHEMA",
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA",
            "USAGE ON ALL SEQUENCES IN SCHEMA",
            "EXECUTE ON ALL FUNCTIONS IN SCHEMA",
        )
    )
    return f"""
SELECT set_config('hub.path_before_queue', current_setting('search_path'), true);
SET LOCAL search_path = {SCHEMA};
{SchemaManager.get_schema()}
DO $bind$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = {SCHEMA}, pg_temp', f);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END
$bind$;
{grants}
SELECT set_config('search_path', current_setting('hub.path_before_queue'), true);
"""  # noqa: S608  # constants only


def enqueue(session: Session, *, version_id: VersionId, dataset_id: DatasetId) -> None:
    """Ask for a version to be taken in; the job exists when the caller's transaction commits, and only then."""
    connection = session.connection().connection.driver_connection
    before = session.scalar(text("SELECT current_setting('search_path')"))
    _set_search_path(session, f"{SCHEMA}, pg_temp")
    _app(procrastinate.SyncPsycopgConnector()).configure_task(
        _TASK, queue=QUEUE, lock=str(version_id), connection=connection, allow_unknown=True
    ).defer(version_id=str(version_id), dataset_id=str(dataset_id))
    _set_search_path(session, str(before))


def count(session: Session) -> QueueCounts:
    """Count the jobs."""
    row = session.execute(
        text(f"""
            SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,
                   count(*) FILTER (WHERE status = 'doing') AS running,
                   count(*) FILTER (WHERE status = 'failed') AS failed
            FROM {SCHEMA}.procrastinate_jobs WHERE task_name = :task""").bindparams(task=_TASK)  # noqa: S608  # a constant
    ).one()
    return QueueCounts(waiting=row.waiting, running=row.running, failed=row.failed)


def newest_heartbeat(session: Session) -> datetime | None:
    """Return when a worker last said that it lives, None when none has."""
    statement = text(f"SELECT max(last_heartbeat) FROM {SCHEMA}.procrastinate_workers")  # noqa: S608  # a constant
    newest: datetime | None = session.scalar(statement)
    return newest


def failed(session: Session) -> list[Claim]:
    """Return the jobs that ended in a way their handler did not foresee; they stay until a person looks."""
    rows = session.execute(
        text(f"""
            SELECT args, attempts, priority FROM {SCHEMA}.procrastinate_jobs
            WHERE task_name = :task AND status = 'failed' ORDER BY id""").bindparams(task=_TASK)  # noqa: S608  # a constant
    )
    return [_claim(row.args, row.attempts, row.priority) for row in rows]


def run_worker(
    url: URL, handle: Handler, options: WorkerOptions, on_trouble: Callable[[str], None], nightly: Nightly | None = None
) -> None:
    """Hand jobs to `handle`, each in a thread, until SIGTERM or SIGINT; then finish what runs.

    A TransientError is tried again, later and later. When the database goes away, waits for it and goes on;
    `on_trouble` is told what kind of error it was.
    """
    asyncio.run(_Runner(url, handle, options, on_trouble, nightly or _nothing).run())


def _nothing() -> None:
    """Have nothing to do at night."""


class _BackOff(procrastinate.BaseRetryStrategy):
    def __init__(self, options: WorkerOptions) -> None:
        self._options = options

    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> procrastinate.RetryDecision | None:
        if not isinstance(exception, TransientError):
            return None
        wait_s = min(self._options.first_retry_s * 2 ** min(job.attempts, 16), self._options.longest_retry_s)
        return procrastinate.RetryDecision(retry_in={"seconds": wait_s})


class _Runner:
    def __init__(
        self, url: URL, handle: Handler, options: WorkerOptions, on_trouble: Callable[[str], None], nightly: Nightly
    ) -> None:
        self._url = url
        self._nightly = nightly
        self._handle = handle
        self._options = options
        self._on_trouble = on_trouble
        self._stop = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        pause_s = 0.5
        while not self._stop.is_set():
            began = loop.time()
            try:
                await self._serve()
            except (ConnectorException, PoolTimeout, psycopg.Error, OSError) as error:
                self._on_trouble(type(error).__name__)
            pause_s = 0.5 if loop.time() - began > 30 else min(pause_s * 2, 15.0)  # noqa: PLR2004  # it ran well for a while
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause_s)

    async def _serve(self) -> None:
        # A pool would take half a minute to say that nobody is there.
        await (await psycopg.AsyncConnection.connect(**self._connection())).close()
        app = self._worker_app()
        async with app.open_async():
            if self._options.alone:
                await _rescue(app, silent_s=0)
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._options.concurrency,
                    fetch_job_polling_interval=self._options.poll_s,
                    update_heartbeat_interval=self._options.heartbeat_s,
                    stalled_worker_timeout=self._options.stalled_after_s,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            stop = asyncio.create_task(self._stop.wait())
            await asyncio.wait({worker, stop}, return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
            if not worker.done():
                worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    def _worker_app(self) -> procrastinate.App:
        app = _app(
            procrastinate.PsycopgConnector(
                min_size=1, max_size=self._options.concurrency + 3, timeout=10, kwargs=self._connection()
            )
        )
        options = self._options

        @app.task(name=_TASK, queue=QUEUE, pass_context=True, retry=_BackOff(options))
        def take_in(context: procrastinate.JobContext, /, **arguments: str) -> None:
            self._handle(_claim(arguments, context.job.attempts, context.job.priority))

        # Also keeps the library's watch over its own helpers awake: it sleeps where no periodic task is defined.
        @app.periodic(cron=_EVERY_15_S)
        @app.task(name=_RESCUE, queue=QUEUE, priority=100, queueing_lock=_RESCUE, pass_context=True)
        async def rescue(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001  # procrastinate's
            await _rescue(context.app, silent_s=options.stalled_after_s)

        # Deferred once however many workers there are: the queue holds at most one of that name for each time.
        @app.periodic(cron=_EVERY_NIGHT)
        @app.task(name=_NIGHTLY, queue=QUEUE, queueing_lock=_NIGHTLY)
        def nightly(timestamp: int) -> None:  # noqa: ARG001  # procrastinate's
            self._nightly()

        return app

    def _connection(self) -> dict[str, Any]:
        return {
            "host": self._url.query.get("host", self._url.host),
            "user": self._url.username,
            "password": self._url.password,
            "dbname": self._url.database,
            "options": f"-c search_path={SCHEMA}",
            "connect_timeout": 10,
        }


def _app(connector: Any) -> procrastinate.App:  # noqa: ANN401  # procrastinate's connectors share no public type
    return procrastinate.App(connector=connector)


async def _rescue(app: procrastinate.App, *, silent_s: float) -> None:
    """Give back what dead workers had claimed, to the end of the queue: its priority counts how often that happened."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, task_name=_TASK, seconds_since_heartbeat=silent_s):
        await app.job_manager.retry_job(job, priority=job.priority - 1)


def _claim(arguments: dict[str, Any], attempts: int, priority: int) -> Claim:
    return Claim(
        version_id=VersionId(UUID(arguments["version_id"])),
        dataset_id=DatasetId(UUID(arguments["dataset_id"])),
        attempts=attempts,
        rescues=max(0, -priority),
    )


def _set_search_path(session: Session, value: str) -> None:
    session.execute(text("SELECT set_config('search_path', :value, true)"), {"value": value})
