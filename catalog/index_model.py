"""The one embedding model of the index: claimed by the first publication, expected by every search."""

from dataclasses import asdict, dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from catalog.errors import EmbeddingMismatchError
from catalog.tables import index_models


@dataclass(frozen=True, kw_only=True)
class EmbeddingModel:
    """What an index must agree on with every question asked of it."""

    name: str
    revision: str  # SHA-256 of the weights
    dimensions: int

    def __str__(self) -> str:
        return f"{self.name} ({self.revision[:12]})"


def claim(session: Session, running: EmbeddingModel) -> None:
    """Make `running` the model of an empty index; raises EmbeddingMismatchError where another one built it."""
    query = text("SELECT * FROM hub.claim_index(:name, :revision, :dimensions)")
    _compare(EmbeddingModel(**session.execute(query, asdict(running)).mappings().one()), running)


def expect(session: Session, running: EmbeddingModel) -> None:
    """Check that `running` built the index; raises EmbeddingMismatchError.

    An index nothing was published to has no model yet, and nothing that could be compared.
    """
    columns = index_models.c
    row = session.execute(select(columns.name, columns.revision, columns.dimensions)).mappings().one_or_none()
    if row is not None:
        _compare(EmbeddingModel(**row), running)


def _compare(indexed_by: EmbeddingModel, running: EmbeddingModel) -> None:
    if running != indexed_by:
        raise EmbeddingMismatchError(
            f"The index was built with {indexed_by}, but {running} is running. "
            "Start the hub with the first; another model needs an index of its own, in a new data folder."
        )
