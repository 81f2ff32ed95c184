"""Question + scope → candidates (ids and scores) → disclosed passages."""

from collections.abc import Sequence

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from catalog import index_model
from catalog.chunks import Candidate, SearchMode, nearest
from catalog.db import Asker
from catalog.disclosure import Disclosure, Passage, disclose
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, Form
from hub.services import Services


def candidates(
    question: str, scope: Scope, hub: Services, *, limit: int, mode: SearchMode = SearchMode.HYBRID
) -> list[Candidate]:
    """Return the chunks that fit the question within the scope, best first.

    Raises as `nearest` does, and EmbeddingMismatchError when another model built the index.
    """
    embedded = hub.embedder.embed_question(question)
    (vector,) = embedded.vectors
    context = Asker(person_id=scope.subject.person_id, agent=scope.subject.agent, decision_id=scope.decision_id)
    with hub.database.begin(context) as session:
        index_model.expect(session, embedded.model)
        return nearest(session, scope.decision_id, question=question, embedding=vector, limit=limit, mode=mode)


def fitting(question: str, scope: Scope, hub: Services, *, limit: int) -> list[ChunkId]:
    """Return the chunks that share a word with the question or lie near it, best first, at most `limit`."""
    least = hub.settings.min_similarity
    found = candidates(question, scope, hub, limit=limit)
    return [one.chunk_id for one in found if one.shares_words or one.similarity >= least]


def retrieve(question: str, scope: Scope, hub: Services, *, limit: int) -> Disclosure:
    """Find and disclose at most `limit` passages; an empty disclosure when nothing fits, and nothing is charged."""
    found = fitting(question, scope, hub, limit=limit)
    if not found:
        return Disclosure(id=None, passages=(), left_out=0, refills_at=None)
    return disclose(hub.database, scope, found, Form.CONTEXT)


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
