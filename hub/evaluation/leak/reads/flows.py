"""Goes through the whole flows, as the doors do: a search and a question, with models that have no weights."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hub.answers import Answer
from hub.ask import ask
from hub.evaluation.leak.models import WORDS, WRITER
from hub.evaluation.leak.reads.visit import NOTHING, QUESTION, Read, Visit
from hub.search import Found, search
from hub.services import Services
from hub.settings import ApiSettings

#: The most a question reads, and a search returns.
MOST: Final = 20


def reads(visit: Visit) -> Iterator[Read]:
    """Search and ask."""
    hub, live = _services(visit), visit.live(visit.permitted)
    subject = visit.world.subject(visit.who)
    if visit.readable == visit.permitted:  # what is for answers only would take places of the others
        found = search(QUESTION, subject, visit.purpose, hub, MOST)
        came = visit.labels(one.chunk_id for one in found.passages) if isinstance(found, Found) else NOTHING
        yield Read("the whole search", came, live, MOST, crowding=visit.leaving)
    answered = ask(QUESTION, subject, visit.purpose, hub)
    came = visit.labels(one.chunk_id for one in answered.passages) if isinstance(answered, Answer) else NOTHING
    yield Read("the whole answer", came, live, MOST, crowding=visit.leaving)


def _services(visit: Visit) -> Services:
    databases = visit.world.databases
    told = databases.site.model_dump() | {"sealed": visit.facts.sealed}
    settings = ApiSettings(
        **told, database_socket_dir=Path("/nowhere"), model_socket=Path("/nowhere"), passages_per_answer=MOST
    )
    return Services(database=databases.api, embedder=WORDS, writer=WRITER, settings=settings)
