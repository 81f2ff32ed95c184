"""Which model builds the index, and the one client that calls it: questions and documents use the same."""

import base64
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from catalog.errors import DependencyError, EmbeddingMismatchError

_BATCH: Final = 64


@dataclass(frozen=True, kw_only=True)
class EmbeddingModel:
    """What an index must agree on with every question asked of it."""

    name: str
    revision: str  # SHA-256 of the weights
    dimensions: int


class EmbeddingClient:
    """Calls the model server on its UNIX socket. Raises DependencyError when it can't."""

    def __init__(self, socket_path: Path, *, timeout_s: float = 60.0) -> None:
        self._socket_path = socket_path
        transport = httpx.HTTPTransport(uds=str(socket_path))
        # trust_env is off: no proxy variable may lead a question elsewhere
        self._http = httpx.Client(transport=transport, base_url="http://model", timeout=timeout_s, trust_env=False)

    @cached_property
    def model(self) -> EmbeddingModel:
        """The embedding model that is running."""
        cards = [card for card in self._call("GET", "/v1/models")["data"] if card["kind"] == "embedding"]
        if not cards:
            raise DependencyError("The model server runs no embedding model. Start it again with `hub up`.")
        card = cards[0]
        return EmbeddingModel(name=card["id"], revision=card["revision"], dimensions=int(card["dimensions"]))

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed passages: one vector of length 1 for each, in the order given."""
        batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
        return [vector for batch in batches for vector in self._embed(batch, "document")]

    def embed_question(self, text: str) -> list[float]:
        """Embed a question, in the form the model wants for questions."""
        return self._embed([text], "query")[0]

    def expect(self, indexed_by: EmbeddingModel) -> None:
        """Check that the running model built the index; else raise EmbeddingMismatchError."""
        if self.model != indexed_by:
            raise EmbeddingMismatchError(
                f"The index was built with {indexed_by.name} ({indexed_by.revision[:12]}), but {self.model.name} "
                f"({self.model.revision[:12]}) is running. Start the hub with the first, or ingest the documents again."
            )

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def _embed(self, texts: Sequence[str], input_type: Literal["document", "query"]) -> list[list[float]]:
        asked = {"input": list(texts), "input_type": input_type, "encoding_format": "base64"}
        found = self._call("POST", "/v1/embeddings", asked)["data"]
        if len(found) != len(texts):
            raise DependencyError("The model server answered with another number of vectors than texts.")
        return [array("f", base64.b64decode(one["embedding"])).tolist() for one in found]

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        absent = (
            f"The model server does not answer on {self._socket_path}. Look with `hub status`, start it with `hub up`."
        )
        if not self._socket_path.exists():
            raise DependencyError(absent)
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.TimeoutException as error:
            raise DependencyError("The model server took too long. It may be busy: try again in a moment.") from error
        except httpx.HTTPError as error:
            raise DependencyError(absent) from error
        if answer.is_error:
            raise DependencyError(f"The model server refused a request ({answer.status_code}): see logs/model.log.")
        try:
            found: dict[str, Any] = answer.json()
        except ValueError as error:
            raise DependencyError("The model server's answer can't be read. Start it again with `hub up`.") from error
        return found
