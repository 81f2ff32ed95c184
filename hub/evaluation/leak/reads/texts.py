"""Reads text, for oneself and for an answer; and what the trail says of it, and another's reading."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from uuid import UUID, uuid4

from catalog import audit, turns
from catalog.db import Asker, Auditor
from catalog.disclosure import Disclosure, disclose, disclosed
from catalog.errors import AccessDeniedError
from catalog.vocabulary import ChunkId, EventType, Form
from hub.evaluation.leak.reads.visit import NOTHING, QUESTION, Read, Visit

_ASKED: Final = 30
_TURNS: Final = 20


def reads(visit: Visit) -> Iterator[Read]:
    """Ask for passages by their ids, of every dataset and every version there was."""
    for form, opened in ((Form.CONTEXT, visit.permitted), (Form.READING, visit.readable)):
        every = list(visit.world.labels)
        asked = visit.dice.sample(every, min(len(every), _ASKED))
        came = disclose(visit.world.databases.api, visit.scope, asked, form)
        told = visit.labels(one.chunk_id for one in came.passages if one.body)
        yield Read(f"passages: {form}", told, visit.live(opened) & visit.labels(asked))
        yield Read(f"audit: {form}", _audited(visit, came), told)
        yield Read("another's reading", _of_another(visit, came), NOTHING)
    _keep(visit, told)


def _audited(visit: Visit, came: Disclosure) -> frozenset[str]:
    """Return what the trail says was read."""
    with visit.world.databases.auditor.begin(Auditor(name="leak")) as session:
        (event,) = audit.newest(session, limit=1, types=[EventType.PASSAGES_DISCLOSED])
    ids = event.detail["chunks"] if event.object == f"disclosure:{came.id}" else [str(uuid4())]
    return visit.labels(ChunkId(UUID(one)) for one in ids)


def _of_another(visit: Visit, came: Disclosure) -> frozenset[str]:
    other = visit.dice.choice([one for one in visit.world.people if one != visit.who])
    asker = Asker(person_id=visit.world.people[other], zone=visit.facts.people[other].zone)
    if came.id is not None:
        with suppress(AccessDeniedError), visit.world.databases.api.begin(asker) as session:
            return visit.labels(one.chunk_id for one in disclosed(session, came.id, visit.scope.groups))
    return NOTHING


def _keep(visit: Visit, made_from: frozenset[str]) -> None:
    """Write a turn down, as an answer made from what was just read."""
    if not made_from or len(visit.kept) >= _TURNS:
        return
    turn, world = uuid4(), visit.world
    of = {one.dataset for one in visit.facts.documents.values() if one.chunks & made_from}
    new = turns.NewTurn(
        id=turn, conversation_id=turn, person_id=world.people[visit.who], purpose=visit.purpose, question=QUESTION,
        answer={"text": "7 miles.", "passages": [], "citations": []},
        chunk_ids=[chunk for chunk, label in world.labels.items() if label in made_from],
        dataset_ids=[world.datasets[name] for name in of],
    )  # fmt: skip
    with visit.asking() as session:
        turns.keep(session, new)
    visit.kept[str(turn)] = (visit.who, made_from)
