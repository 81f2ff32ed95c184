"""The one client of the embedding model: every answer names the model that made it."""

import base64
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from catalog.errors import DependencyError
from catalog.index_model import EmbeddingModel
from catalog.sockets import over
from catalog.vocabulary import ModelKind

_BATCH: Final = 64
_ODD: Final = "The model server's answer can't be read. Start it again with `hub up`."


@dataclass(frozen=True, kw_only=True)
class Embeddings:
    """Vectors of length 1, in the order of their texts, and the one model that made them all."""

    vectors: list[list[float]]
    model: EmbeddingModel


class EmbeddingClient:
    """Calls the model server on its UNIX socket. Raises DependencyError when it can't."""

    def __init__(self, socket_path: Path, *, timeout_s: float = 60.0) -> None:
        self._socket_path = socket_path
        # trust_env is off: no proxy variable may lead a question elsewhere
        self._http = httpx.Client(
            transport=over(socket_path), base_url="http://model", timeout=timeout_s, trust_env=False
        )

    def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed passages, of which there must be one at least."""
        batches = [self._embed(texts[at : at + _BATCH], "document") for at in range(0, len(texts), _BATCH)]
        model = batches[0].model
        if any(batch.model != model for batch in batches):
            raise DependencyError("The model server changed its model in the middle. Try again.")
        return Embeddings(vectors=[vector for batch in batches for vector in batch.vectors], model=model)

    def embed_question(self, text: str) -> Embeddings:
        """Embed one question, in the form the model wants for questions."""
        return self._embed([text], "query")

    def revision(self) -> str:
        """Return the digest of the embedding model that runs now, without giving it any text."""
        return next((str(one["revision"]) for one in self.models() if one.get("kind") == ModelKind.EMBEDDING), "")

    def models(self) -> list[dict[str, Any]]:
        """Return what the endpoint says of each model it serves, in OpenAI's words and the hub's."""
        return list(self._ask(None, "GET", "/v1/models").get("data", []))

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def _embed(self, texts: Sequence[str], input_type: Literal["document", "query"]) -> Embeddings:
        asked = {"input": list(texts), "input_type": input_type, "encoding_format": "base64"}
        answer = self._ask(asked)
        try:
            vectors = [array("f", base64.b64decode(one["embedding"])).tolist() for one in answer["data"]]
            sizes = {len(vector) for vector in vectors}
            model = EmbeddingModel(name=answer["model"], revision=answer["revision"], dimensions=sizes.pop())
        except (KeyError, ValueError) as error:
            raise DependencyError(_ODD) from error
        if len(vectors) != len(texts) or sizes:
            raise DependencyError("The model server answered with other vectors than were asked for.")
        return Embeddings(vectors=vectors, model=model)

    def _ask(self, body: dict[str, Any] | None, method: str = "POST", route: str = "/v1/embeddings") -> dict[str, Any]:
        absent = (
            f"The model server does not answer on {self._socket_path}. Look with `hub status`, start it with `hub up`."
        )
        if not self._socket_path.exists():
            raise DependencyError(absent)
        try:
            answer = self._http.request(method, route, json=body)
        except httpx.TimeoutException as error:
            raise DependencyError("The model server took too long. It may be busy: try again in a moment.") from error
        except httpx.HTTPError as error:
            raise DependencyError(absent) from error
        if answer.is_error:
            raise DependencyError(f"The model server refused a request ({answer.status_code}): see logs/model.log.")
        try:
            found: dict[str, Any] = answer.json()
        except ValueError as error:
            raise DependencyError(_ODD) from error
        return found
