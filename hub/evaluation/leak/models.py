"""The models of a leak test, without weights: words counted into places, and the first sentence there is."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from catalog.disclosure import Passage
from catalog.embedding import EmbeddingClient, Embeddings
from catalog.index_model import EmbeddingModel
from catalog.policy.model import Scope
from hub.evaluation.bench.echo import CountedWords
from hub.evaluation.leak.shelf import MODEL
from hub.generate import ChatModel, Draft, Writer

_NOWHERE: Final = Path("/nowhere")  # nothing is asked by a socket


class Words(EmbeddingClient):
    """Counts words, in the name of a model."""

    def __init__(self, model: EmbeddingModel = MODEL) -> None:
        super().__init__(_NOWHERE)
        self._model = model

    def _embed(self, texts: Sequence[str], input_type: Literal["document", "query"]) -> Embeddings:  # noqa: ARG002
        return Embeddings(vectors=CountedWords().embed(texts), model=self._model)


class FirstSentence(Writer):
    """Copies the first sentence of the best passage."""

    def __init__(self) -> None:
        super().__init__(_NOWHERE, place="nowhere", timeout_s=1, max_tokens=16)

    def draft(  # as there
        self,
        question: str,  # noqa: ARG002
        passages: Sequence[Passage],
        scope: Scope,  # noqa: ARG002
        tell: Callable[[str], None],
    ) -> Draft:
        """Return the draft."""
        sentence = passages[0].body.strip()
        tell(sentence)
        return Draft(text=sentence, model=ChatModel(name="first sentence", revision="0" * 64))


WORDS: Final = Words()
WRITER: Final = FirstSentence()
