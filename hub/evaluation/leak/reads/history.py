"""Looks at what was asked before, and opens its answers again."""

from collections.abc import Iterator
from uuid import UUID

from catalog import turns
from hub.evaluation.leak.reads.visit import ALL, Read, Visit


def reads(visit: Visit) -> Iterator[Read]:
    """List one's own turns, and open some of anybody's."""
    with visit.asking() as session:
        listed = frozenset(str(one.id) for one in turns.history(session, limit=ALL))
    yield Read("history", listed, frozenset(turn for turn, (who, _) in visit.kept.items() if who == visit.who))
    live = visit.live(visit.permitted)
    for turn in visit.dice.sample(sorted(visit.kept), min(len(visit.kept), 3)):
        who, made_from = visit.kept[turn]
        with visit.asking(visit.scope) as session:
            answer = turns.answer_again(session, visit.scope.decision_id, UUID(turn))
        theirs = who == visit.who and made_from <= live
        yield Read("answer again", frozenset({turn} if answer else ()), frozenset({turn} if theirs else ()))
