"""Uses what is another's: their decision, one's own of before, the room of stewards."""

from collections.abc import Iterator
from contextlib import suppress

from catalog import chunks, intake
from catalog.db import Asker, Steward
from catalog.errors import AccessDeniedError, NotFoundError
from catalog.policy.model import Scope
from hub.evaluation.leak.reads.visit import ALL, NOTHING, QUESTION, VECTOR, Read, Visit
from hub.evaluation.leak.world import ZONES


def reads(visit: Visit) -> Iterator[Read]:
    """Search under decisions that are another's or older, and look at what was handed in."""
    other = visit.dice.choice([one for one in visit.world.people if one != visit.who])
    yield Read("another's decision", _found(visit, other, visit.scope), NOTHING)
    elsewhere = visit.dice.choice([zone for zone in (*ZONES, "") if zone != visit.scope.subject.zone])
    yield Read("a decision made in another zone", _found(visit, visit.who, visit.scope, elsewhere), NOTHING)
    if visit.earlier is not None:
        who, scope = visit.earlier.who, visit.earlier.scope
        there = scope.subject.zone == visit.facts.people[who].zone and scope.subject.zone in visit.facts.zones
        still = visit.earlier.permitted & visit.facts.granted(who, scope.purpose) if there else NOTHING
        leaving = frozenset(chunk for one in visit.facts.documents.values() for chunk in one.leaving)
        under = [name for name in visit.facts.documents if visit.facts.law(name) in visit.earlier.laws]
        yield Read("a decision made before", _found(visit, who, scope), visit.live(still, under), ALL, leaving)
    name, came = visit.dice.choice(list(visit.world.datasets)), NOTHING
    one = visit.facts.datasets[name]
    theirs = one.owner == visit.facts.people[visit.who].organisation and not one.withdrawn
    documents = frozenset(n for n, document in visit.facts.documents.items() if document.dataset == name)
    steward = Steward(person_id=visit.world.people[visit.who])
    with visit.world.databases.steward.begin(steward) as session, suppress(NotFoundError):
        came = frozenset(found.name for found in intake.of_dataset(session, name, limit=ALL))
    yield Read("intake", came, documents if theirs else NOTHING)


def _found(visit: Visit, who: str, scope: Scope, zone: str | None = None) -> frozenset[str]:
    through = visit.facts.people[who].zone if zone is None else zone
    asker = Asker(person_id=visit.world.people[who], decision_id=scope.decision_id, zone=through)
    with suppress(AccessDeniedError), visit.world.databases.api.begin(asker) as session:
        found = chunks.nearest(session, scope.decision_id, question=QUESTION, embedding=VECTOR, limit=ALL)
        return visit.labels(one.chunk_id for one in found)
    return NOTHING
