"""What is known of each model: registry.json beside the weights, written whole or not at all."""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from catalog.ancestry import Ancestor
from catalog.errors import ModelFileError
from catalog.residency import is_place
from catalog.vocabulary import ModelKind

_BLOCK_BYTES: Final = 1 << 20
NAME: Final = r"[a-z0-9][a-z0-9._-]{0,79}"
Progress = Callable[[int], None]  # called with the bytes done since the last call


def _silent(_: int) -> None:
    return


class ModelFile(BaseModel):
    """One file of a model, below the models folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$")  # no step up
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)


class ModelRecord(BaseModel):
    """A registered model: enough to say where every number in an answer came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=f"^{NAME}$")
    kind: ModelKind
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the weights as they came")
    licence: str = Field(min_length=1)
    source: str = Field(min_length=1, description="where the file came from")
    origin: str | None = Field(default=None, description="the place of its maker, by ISO 3166; none: unknown")
    ancestry: tuple[Ancestor, ...] | None = Field(default=None, description="what it was made from; none: unknown")
    imported_at: datetime
    files: tuple[ModelFile, ...] = Field(min_length=1)
    dimensions: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    prompts: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, data: Any) -> Any:  # noqa: ANN401  # whatever stands in the file
        """Read what was written when origin and ancestry were words: they tell a source, and no place."""
        if not isinstance(data, dict) or "source" in data or not isinstance(data.get("ancestry"), str):
            return data
        return {**data, "source": f"{data.get('origin')}; {data['ancestry']}", "origin": None, "ancestry": None}

    @model_validator(mode="after")
    def _origins_are_places(self) -> Self:
        for code in (self.origin, *(one.origin for one in self.ancestry or ())):
            if code is not None and not is_place(code):
                raise ValueError(f"{code} is no place")
        return self

    def file(self, ending: str) -> ModelFile:
        """Return the one file whose path ends so."""
        for file in self.files:
            if file.path.endswith(ending):
                return file
        raise ModelFileError(f"The model {self.name} has no file {ending}. Import it again: hub models import.")


class _Book(BaseModel):
    model_config = ConfigDict(extra="forbid")

    models: list[ModelRecord] = []


def digest(path: Path, progress: Progress = _silent) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
            progress(len(block))
    return found.hexdigest()


class Registry:
    """The models below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._book = folder / "registry.json"

    def all(self) -> tuple[ModelRecord, ...]:
        """Every model, in the order of import."""
        try:
            return tuple(_Book.model_validate_json(self._book.read_bytes()).models)
        except FileNotFoundError:
            return ()
        except ValidationError as error:
            raise ModelFileError(f"{self._book} can't be read: import the models again (hub models import).") from error

    def choose(self, kind: ModelKind, name: str | None = None) -> ModelRecord:
        """Return the model of that name; without a name, the one of this kind imported last."""
        found = [model for model in self.all() if model.kind is kind and name in {None, model.name}]
        if not found:
            wanted = f"model named {name}" if name else f"{kind} model"
            raise ModelFileError(
                f"There is no {wanted} in {self.folder}. Get the development weights with `hub models fetch`, "
                "or bring your own with `hub models import PATH`."
            )
        return found[-1]

    def verify(self, model: ModelRecord, progress: Progress = _silent) -> None:
        """Every file is there and is the one that was imported; else ModelFileError."""
        for file in model.files:
            path = self.folder / file.path
            if not path.is_file():
                raise ModelFileError(
                    f"The weights file {file.path} of {model.name} is missing. "
                    "Get it again: `hub models fetch` or `hub models import PATH`."
                )
            if path.stat().st_size != file.bytes or digest(path, progress) != file.sha256:
                raise ModelFileError(
                    f"The weights file {file.path} of {model.name} is not the one that was imported: "
                    "its digest differs. Don't use it; import it again from a source you trust."
                )

    def add(self, model: ModelRecord) -> None:
        """Register, replacing a model of the same name."""
        with self._locked():
            kept = [other for other in self.all() if other.name != model.name]
            self._write(_Book(models=[*kept, model]))

    def _write(self, book: _Book) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.folder, delete=False, encoding="utf-8") as file:
            file.write(json.dumps(book.model_dump(mode="json"), indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._book)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
