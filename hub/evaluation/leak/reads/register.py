"""Looks at the register: cards and what they count, one card by its name, the grants one holds."""

from collections.abc import Iterator
from contextlib import suppress

from catalog import cards
from catalog.errors import NotFoundError
from catalog.vocabulary import Purpose
from hub.evaluation.leak.oracle import Tags
from hub.evaluation.leak.reads.visit import ALL, NOTHING, Read, Visit


def reads(visit: Visit) -> Iterator[Read]:
    """List what may be known of, and ask for one that may not."""
    facts, known = visit.facts, visit.facts.known_to(visit.who)
    single, found = visit.dice.choice(list(visit.world.datasets)), NOTHING
    with visit.asking() as session:
        seen = cards.cards(session, limit=ALL)
        held = cards.grants_held(session, limit=ALL)
        with suppress(NotFoundError):
            found = frozenset({cards.card(session, single).slug})
    yield Read("cards", frozenset(one.slug for one in seen), known)
    yield Read("card", found, known & {single})
    plain = [one.dataset for one in facts.documents.values() if one.chunks and one.own == Tags()]  # no other is told of
    counted = {name: plain.count(name) for name in known}
    yield Read(
        "counts",
        frozenset(f"{one.slug}: {one.holding.documents}" for one in seen),
        frozenset(f"{name}: {number}" for name, number in counted.items()),
    )
    yield Read(
        "grants held",
        frozenset(f"{one.dataset} for {one.purpose}" for one in held),
        frozenset(f"{name} for {purpose}" for purpose in Purpose for name in facts.granted(visit.who, purpose)),
    )
