"""Looks into the index: candidates by each mode, facets, a whole document, a page."""

from collections.abc import Iterator

from catalog import chunks, pages
from catalog.chunks import SearchMode
from catalog.errors import NoPageError, NotFoundError
from catalog.vocabulary import ChunkId
from catalog.whereabouts import whereabouts
from hub.evaluation.leak.reads.visit import ALL, NOTHING, QUESTION, VECTOR, Read, Visit


def reads(visit: Visit) -> Iterator[Read]:
    """Look for everything, and for some by their ids."""
    decision, live = visit.scope.decision_id, visit.live(visit.permitted)
    for mode in SearchMode:
        with visit.asking(visit.scope) as session:
            found = chunks.nearest(
                session, decision, question=QUESTION, embedding=VECTOR, limit=ALL, mode=mode
            )  # fmt: skip
        yield Read(f"search: {mode}", visit.labels(one.chunk_id for one in found), live, ALL, visit.leaving)
    with visit.asking(visit.scope) as session:
        known = whereabouts(session, decision, list(visit.world.labels))
    yield Read("facets", visit.labels(known), live)
    name = visit.dice.choice(list(visit.facts.documents))
    document = visit.facts.documents[name]
    with visit.asking(visit.scope) as session:
        whole = chunks.of_document(session, decision, visit.world.documents[name])
    held = document.chunks if name in visit.open else NOTHING
    yield Read("document", visit.labels(whole), held, ALL, visit.leaving)
    yield from _page(visit, visit.dice.choice(list(visit.world.labels)))


def _page(visit: Visit, chunk: ChunkId) -> Iterator[Read]:
    label = visit.world.labels[chunk]
    opened = [visit.facts.documents[name] for name in visit.open]
    here = [one for one in opened if label in one.chunks and one.dataset in visit.readable]
    try:
        with visit.asking(visit.scope) as session:
            shown = visit.labels(pages.page_cost(session, visit.scope.decision_id, chunk).chunk_ids)
    except NoPageError:  # it says so only to who may read the passage
        shown = frozenset({"no page"})
    except NotFoundError:
        shown = NOTHING
    allowed = here[0].chunks if here else NOTHING
    yield Read("page", shown, allowed if not here or here[0].page else frozenset({"no page"}))
