"""Question + scope → candidates (ids and scores) → disclosed passages."""

from collections.abc import Sequence
from dataclasses import dataclass

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from catalog import index_model
from catalog.chunks import Candidate, SearchMode, nearest
from catalog.disclosure import Disclosure, Passage, disclose
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, Form
from hub.endpoints import of_question, together
from hub.services import Services

NOTHING = Disclosure(id=None, passages=(), left_out=0, refills_at=None)


def candidates(
    question: str, scope: Scope, hub: Services, *, limit: int, mode: SearchMode = SearchMode.HYBRID
) -> list[Candidate]:
    """Return the chunks that fit the question within the scope, best first.

    Where no one endpoint may read what is asked of all of it, words alone are looked for, and no model reads anything.
    Raises as `nearest` does, and EmbeddingMismatchError when another model built the index.
    """
    embedder = of_question(scope, hub)
    embedded = embedder.embed_question(question) if embedder else None
    context = scope.asker
    with hub.database.begin(context) as session:
        if embedded:
            index_model.expect(session, embedded.model)
        vector = embedded.vectors[0] if embedded else None
        return nearest(session, scope.decision_id, question=question, embedding=vector, limit=limit, mode=mode)


def fitting(question: str, scope: Scope, hub: Services, *, limit: int) -> list[ChunkId]:
    """Return the chunks that share a word with the question or lie near it, best first, at most `limit`."""
    least = hub.settings.min_similarity
    found = candidates(question, scope, hub, limit=limit)
    return [one.chunk_id for one in found if one.shares_words or one.similarity >= least]


@dataclass(frozen=True, kw_only=True)
class Read:
    """What was disclosed for one prompt, the endpoint that may read it, and how much may not be read with it."""

    disclosure: Disclosure
    endpoint: str
    apart: int


def read(question: str, scope: Scope, hub: Services, *, limit: int) -> Read:
    """Find and disclose at most `limit` passages for one prompt; nothing is disclosed or charged when nothing fits."""
    one = together(fitting(question, scope, hub, limit=limit), scope, hub)
    disclosed = NOTHING if not one.chunks else disclose(hub.database, scope, one.chunks, Form.CONTEXT)
    return Read(disclosure=disclosed, endpoint=one.endpoint, apart=one.apart)


def retrieve(question: str, scope: Scope, hub: Services, *, limit: int) -> Disclosure:
    """Return what `read` discloses."""
    return read(question, scope, hub, limit=limit).disclosure


class ScopedRetriever(BaseRetriever):
    """llama-index's view of the same retrieval, for one verified person and one question; never shared."""

    def __init__(self, scope: Scope, hub: Services) -> None:
        self._scope = scope
        self._hub = hub
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = retrieve(query_bundle.query_str, self._scope, self._hub, limit=self._hub.settings.passages_per_answer)
        return nodes(found.passages)


def nodes(passages: Sequence[Passage]) -> list[NodeWithScore]:
    """Return passages as llama-index nodes, best first; the score is the rank's, not the search's."""
    return [
        NodeWithScore(
            node=TextNode(
                id_=str(passage.chunk_id),
                text=passage.body,
                metadata={"document": passage.document_name, "heading": passage.heading},
            ),
            score=1.0 / rank,
        )
        for rank, passage in enumerate(passages, start=1)
    ]
