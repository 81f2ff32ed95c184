"""Which endpoint reads what: an embedder the question, a chat model the passages; none reads what it may not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog import violations
from catalog.breach import Breach
from catalog.db import Asker
from catalog.embedding import EmbeddingClient
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, DatasetId
from catalog.whereabouts import whereabouts
from hub.services import Services


@dataclass(frozen=True, kw_only=True)
class Together:
    """Chunks one endpoint may read in one prompt, best first; `apart` more fit, but may not be read with them."""

    endpoint: str
    chunks: tuple[ChunkId, ...]
    apart: int = 0


def of_question(scope: Scope, hub: Services) -> EmbeddingClient | None:
    """Return the embedder that may read a question asked of the whole scope; None where no one endpoint may.

    The question is nobody's data yet, but it is asked of every dataset: it goes where all of them allow it.
    """
    allowed = scope.endpoints(scope.dataset_ids)
    return hub.at(allowed[0]).embedder if allowed else None


def together(found: Sequence[ChunkId], scope: Scope, hub: Services) -> Together:
    """Choose the endpoint and the chunks it reads, before any is disclosed: what is left out is charged to nobody.

    The best chunk is always read; from there on down, one that shares no endpoint with those above it is left out, and
    kept as a refusal of residency.
    """
    preferred = hub.settings.endpoint_place
    if scope.endpoints(scope.dataset_ids)[:1] == (preferred,):  # it may read everything: nothing to tell apart
        return Together(endpoint=preferred, chunks=tuple(found))
    asker = Asker(person_id=scope.subject.person_id, agent=scope.subject.agent, decision_id=scope.decision_id)
    with hub.database.begin(asker) as session:
        known = whereabouts(session, scope.decision_id, found)
        chosen: list[ChunkId] = []
        read: set[DatasetId] = set()
        apart: list[DatasetId] = []
        for chunk, dataset in ((one, known[one].dataset_id) for one in found if one in known):
            if scope.endpoints({*read, dataset}):
                chosen.append(chunk)
                read.add(dataset)
            else:
                apart.append(dataset)
        endpoint = next(iter(scope.endpoints(read)), preferred)
        violations.record(session, _refused(scope, apart, endpoint), scope.decision_id)
    return Together(endpoint=endpoint, chunks=tuple(chosen), apart=len(apart))


def _refused(scope: Scope, apart: Iterable[DatasetId], endpoint: str) -> Iterator[tuple[list[DatasetId], list[Breach]]]:
    for dataset in set(apart):
        yield [dataset], [one for one in scope.rulings[dataset].apart if one.place == endpoint]
