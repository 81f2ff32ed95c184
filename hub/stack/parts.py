"""The parts of the embedded stack, in the order they start: database with its schema, model server, parser, worker."""

import getpass
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from catalog import jobs, models, places
from catalog.db import Database, Operator
from catalog.errors import DataHubError, DependencyError
from catalog.labels import FOLDER as LABELS
from catalog.vocabulary import PlaceKind
from hub.models.registry import Registry
from hub.models.served import of_registry
from hub.stack import high_water
from hub.stack.credentials import database_passwords, set_passwords
from hub.stack.doors import door_parts
from hub.stack.folder import DataFolder
from hub.stack.originals import settle_store, store_variables
from hub.stack.part import Part, Seal, sealed, told
from hub.stack.postgres import SUPERUSER, PostgresFolder
from hub.stack.probes import answers_health, greets_sealed
from hub.stack.provenance import chosen_names, record_models
from hub.stack.settings import StackSettings
from hub.stack.site import Site, site_variables

OPERATOR_ROLE = "hub_operator"
WORKER_ROLE = "hub_worker"
#: What a worker that speaks to an S3 server looks names and certificates up in.
NAME_LOOKUP = tuple(Path("/etc") / name for name in ("hosts", "resolv.conf", "host.conf", "gai.conf", "ssl"))


def database_of(folder: DataFolder, settings: StackSettings) -> PostgresFolder:
    """Return the stack's Postgres, running or not."""
    return PostgresFolder(folder.postgres_dir, folder.run_dir, account=settings.service_user)


def all_parts(folder: DataFolder, settings: StackSettings, site: Site) -> list[Part]:
    """Return every part of a hub on one machine."""
    database = database_of(folder, settings)
    within = [
        postgres_part(folder, database, site),
        model_part(folder),
        parser_part(folder),
        worker_part(folder, database, site),
    ]
    return [*within, *door_parts(folder, database, settings, site)] if settings.doors else within


def postgres_part(folder: DataFolder, database: PostgresFolder, site: Site) -> Part:
    """Return the database; once it answers, its schema, passwords and places are brought to today's."""
    database.init()
    seal = Seal(
        row="postgres",
        read=(database.run_dir, database.programs.parents[2]),
        write=(database.socket_dir, Path("/proc/self/cwd")),
        report=folder.walls("postgres"),
        user=database.user.name if database.user else None,
        death_signal=signal.SIGINT,
    )

    def command() -> list[str]:
        database.clear_leftovers()
        return seal.around(database.command())

    return Part(
        name="postgres",
        command=command,
        ready=database.answers,
        cwd=database.data_dir,
        stop_signal=signal.SIGINT,
        first_ready=partial(prepare_database, folder, database, site),
        while_running=partial(keep_charges, folder, database),
    )


def keep_charges(folder: DataFolder, database: PostgresFolder) -> None:
    """Keep what was charged beside the database, and give it back to an older copy."""
    operators = Database(database.url(OPERATOR_ROLE), pool_size=1)
    try:
        high_water.keep(folder, operators, Operator(name=getpass.getuser()))
    finally:
        operators.close()


def prepare_database(folder: DataFolder, database: PostgresFolder, site: Site) -> None:
    """Migrate, set passwords, take up what was charged, register where parts stand and which models run."""
    migrate(database)
    set_passwords(database, database_passwords(folder))
    keep_charges(folder, database)
    operators = Database(database.url(OPERATOR_ROLE))
    try:
        with operators.begin(Operator(name=getpass.getuser())) as session:
            for kind in PlaceKind:
                places.register(
                    session,
                    name=site.place(kind),
                    kind=kind,
                    jurisdiction=site.jurisdiction,
                    operator=site.operator,
                    legal_control=site.legal_control,
                )
            registry = Registry(folder.models_dir)
            record_models(session, registry.all())
            served = of_registry(registry, chosen_names(folder))
            models.serve(session, site.place(PlaceKind.ENDPOINT), served)
    finally:
        operators.close()


def migrate(database: PostgresFolder) -> None:
    """Bring the schema to today's; DependencyError, and the database as it was, when that fails."""
    import migrations

    try:
        migrations.apply(database.url(SUPERUSER))
    except SQLAlchemyError as error:
        raise DependencyError(
            f"The database's schema could not be brought up to date ({type(error).__name__}); it is as it was before. "
            "The log of postgres says more."
        ) from error


def model_part(folder: DataFolder) -> Part:
    """Return the model server: embeddings and chat on a UNIX socket."""
    socket = folder.model_socket
    return Part(
        name="model",
        command=sealed(folder, "model", ("hub.serving",), read=(folder.models_dir,), write=(socket.parent,)),
        ready=partial(answers_health, socket),
        environment={
            **told("HUB_MODEL_"),
            "HUB_MODEL_FOLDER": str(folder.models_dir),
            "HUB_MODEL_SOCKET": str(socket),
        },
    )


def parser_part(folder: DataFolder) -> Part:
    """Return the parser: a warmed process that forks a throw-away one for each document."""
    socket = folder.parser_socket
    entry = ("--entry", "ingest.parse:serve_one", "--preload", "ingest.parse:warm")
    # The worker's own limits (60 s a started 10 MB, four times that by the wall) lie below these.
    limits = ("--cpu-s", "600", "--wall-s", "2400", "--children", "3")
    program = ("hub.seal.forkserver", "--socket", str(socket), *entry, *limits)
    return Part(
        name="parser",
        command=sealed(folder, "parser", program, write=(socket.parent,)),
        ready=partial(greets_sealed, socket),
    )


def worker_part(folder: DataFolder, database: PostgresFolder, site: Site) -> Part:
    """Return the worker, which takes documents in."""
    pulse = _Pulse(database)
    store = settle_store(folder, site.place(PlaceKind.STORE))
    read = ((folder.objects_dir,) if store.objects_dir else NAME_LOOKUP) + (folder.backups_dir / LABELS,)
    start = sealed(folder, "worker", ("ingest",), row="worker" if store.objects_dir else "worker-s3", read=read)
    return Part(
        name="worker",
        command=lambda: pulse.before(start),
        ready=pulse.beats,
        environment={**worker_environment(folder, database, site), **store_variables(store)},
    )


def worker_environment(folder: DataFolder, database: PostgresFolder, site: Site) -> Mapping[str, str]:
    """Return the variables of ingest/settings.py."""
    return {
        **told("HUB_WORKER_", "HUB_PARSER_", "HUB_MAX_", "HUB_MODEL_TIMEOUT_S", "HUB_MORE_"),
        "HUB_DATABASE_SOCKET_DIR": str(database.socket_dir),
        "HUB_DATABASE_PASSWORD": database_passwords(folder)[WORKER_ROLE],
        "HUB_MODEL_SOCKET": str(folder.model_socket),
        "HUB_PARSER_SOCKET": str(folder.parser_socket),
        "HUB_WORKER_ALONE": "true",
        "HUB_LABELS_DIR": str(folder.backups_dir / LABELS),
        **site_variables(site),
    }


@dataclass(kw_only=False)
class _Pulse:
    """Ready is a worker that has said so in the queue since this process was started."""

    database: PostgresFolder
    started_at: datetime | None = None

    def before(self, start: Callable[[], list[str]]) -> list[str]:
        self.started_at = datetime.now(UTC)
        return start()

    def beats(self) -> bool:
        operators = Database(self.database.url(OPERATOR_ROLE), pool_size=1)
        try:
            with operators.begin(Operator(name="supervisor")) as session:
                newest = jobs.newest_heartbeat(session)
        except DataHubError:
            return False
        finally:
            operators.close()
        return newest is not None and self.started_at is not None and newest > self.started_at
