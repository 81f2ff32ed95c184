"""Which endpoint reads what: an embedder the question, a chat model the passages; none reads what it may not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog import violations
from catalog.breach import Breach
from catalog.embedding import EmbeddingClient
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, DatasetId
from catalog.whereabouts import Whereabouts, whereabouts
from hub.services import Services

if TYPE_CHECKING:
    from uuid import UUID


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
    allowed = scope.endpoints(scope.rulings)
    return hub.at(allowed[0]).embedder if allowed else None


def together(found: Sequence[ChunkId], scope: Scope, hub: Services) -> Together:
    """Choose the endpoint and the chunks it reads, before any is disclosed: what is left out is charged to nobody.

    The best chunk is always read; from there on down, one that shares no endpoint with those above it is left out, and
    kept as a refusal of residency.
    """
    preferred = hub.settings.endpoint_place
    if scope.endpoints(scope.rulings)[:1] == (preferred,):  # it may read everything: nothing to tell apart
        return Together(endpoint=preferred, chunks=tuple(found))
    asker = scope.asker
    with hub.database.begin(asker) as session:
        known = whereabouts(session, scope.decision_id, found)
        chosen: list[ChunkId] = []
        read: set[UUID] = set()
        apart: list[Whereabouts] = []
        for chunk in (one for one in found if one in known):
            law = known[chunk].stands_under
            if scope.endpoints({*read, law}):
                chosen.append(chunk)
                read.add(law)
            else:
                apart.append(known[chunk])
        endpoint = next(iter(scope.endpoints(read)), preferred)
        violations.record(session, _refused(scope, apart, endpoint), scope.decision_id)
    return Together(endpoint=endpoint, chunks=tuple(chosen), apart=len(apart))


def _refused(
    scope: Scope, apart: Iterable[Whereabouts], endpoint: str
) -> Iterator[tuple[list[DatasetId], list[Breach]]]:
    for law, dataset in {(one.stands_under, one.dataset_id) for one in apart}:
        yield [dataset], [one for one in scope.rulings[law].apart if one.place == endpoint]
