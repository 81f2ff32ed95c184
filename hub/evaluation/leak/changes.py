"""What may change in a world, one thing at a time."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from random import Random
from typing import Final

from catalog import amendments, chunks, clock, document_laws, document_tags, grants, groups, withdrawals
from catalog.db import Worker
from catalog.errors import NotFoundError, SettingsError
from hub.evaluation.leak.oracle import Tags
from hub.evaluation.leak.world import FOREVER, HOUR, OPERATOR, PARTS, PLACES, ZONES, World, somebody

_FEWEST: Final = 3  # datasets stay
_TAGS: Final = {
    "level": "classification", "purposes": "purposes", "process_in": "process_in", "access_from": "access_from",
    "forbidden": "forbidden_legal_control", "store_in": "store_in", "origins": "forbidden_model_origins",
}  # fmt: skip

#: What a document may declare of its own.
_OWN: Final = ("level", "store_in", "process_in", "access_from", "forbidden")
_NONE: Final = vars(Tags())
_NUMBERS: Final = count(1)


def change(world: World, dice: Random) -> str:
    """Change one thing; return what."""
    act = dice.choices(list(CHANGES), list(CHANGES.values()))[0]
    act(world, dice)
    return act.__name__


def give(world: World, dice: Random) -> None:
    """Give a grant."""
    world.give(dice)


def revoke(world: World, dice: Random) -> None:
    """End a grant."""
    alive = [at for at, grant in enumerate(world.facts.grants) if not grant.over]
    if alive:
        at = dice.choice(alive)
        with world.databases.operator.begin(OPERATOR) as session:
            grants.revoke(session, world.grants[at], reason="leak")
        world.facts.grants[at].over = True


def retag(world: World, dice: Random) -> None:
    """Change one of a dataset's tags; what contradicts itself is refused and changes nothing."""
    where, tag = dice.choice(list(world.datasets)), dice.choice(list(_TAGS))
    value = getattr(world.declared(dice), tag)
    if world.facts.datasets[where].withdrawn:
        return
    with suppress(SettingsError), world.databases.operator.begin(OPERATOR) as session:
        amendments.amend(session, where, amendments.Change(**{_TAGS[tag]: value}))
        dataset = world.facts.datasets[where]
        dataset.law += value != getattr(dataset, tag) if tag == "level" else {*value} != {*getattr(dataset, tag)}
        setattr(dataset, tag, value)


def retag_document(world: World, dice: Random) -> None:
    """Give a document tags of its own, or take them away; looser ones than its dataset's are refused."""
    name = dice.choice(list(world.documents))
    made = world.declared(dice)
    own = Tags()
    for tag in dice.sample(list(_OWN), dice.randint(0, 2)):
        setattr(own, tag, getattr(made, tag))
    declared = document_tags.tags(**{_TAGS[tag]: getattr(own, tag) for tag in _OWN if getattr(own, tag) != _NONE[tag]})
    document = world.facts.documents[name]
    with suppress(SettingsError, NotFoundError), world.databases.operator.begin(OPERATOR) as session:
        document_laws.retag(session, world.documents[name], declared)
        if own != document.own:
            same = [
                one.law for one in world.facts.documents.values() if one.dataset == document.dataset and one.own == own
            ]
            document.law = 0 if own == Tags() else same[0] if same else next(_NUMBERS)
            document.own = own


def move(world: World, dice: Random) -> None:
    """Let a part of the site stand elsewhere, or another law reach its operator; mostly all is well again."""
    if dice.choice([True, True, False]):
        for part in PARTS:
            world.stand(part, "DE", ["DE"])
    else:
        world.stand(dice.choice(PARTS), dice.choice(PLACES), sorted({"DE", dice.choice(PLACES)}))


def serve(world: World, dice: Random) -> None:
    """Let the endpoint serve models made elsewhere, or nobody knows where; mostly all is well again."""
    world.serve(dice.choice(["DE", "DE", "DE", "US", None]))


def rezone(world: World, dice: Random) -> None:
    """Let a network zone stand elsewhere, or be retired; mostly all is well again."""
    name = dice.choice(ZONES)
    if dice.choice([True, True, False]):
        for zone in ZONES:
            world.open_zone(zone, "DE")
    elif name in world.facts.zones and dice.choice([True, False]):
        world.retire_zone(name)
    else:
        world.open_zone(name, dice.choice(PLACES))


def migrate(world: World, dice: Random) -> None:
    """Let somebody come with other attributes, or as an agent."""
    who = dice.choice(list(world.people))
    world.facts.people[who] = somebody(dice, world.facts.people[who].organisation)


def join(world: World, dice: Random) -> None:
    """Let a place belong to the group, for some days or for good, from some day on."""
    one = dice.choice(PLACES)
    first = world.facts.now.date() + timedelta(days=dice.randint(-3, 1))
    over = dice.choice([FOREVER, first + timedelta(days=dice.randint(1, 4))])
    held = world.facts.groups[world.group]
    if not any(one == other and begun < over and first < ended for other, begun, ended in held):
        world.belong(one, first, over)


def leave(world: World, dice: Random) -> None:
    """End a membership that has no end yet, today or in some days."""
    held, today = world.facts.groups[world.group], world.facts.now.date()
    staying = [at for at, (_, first, over) in enumerate(held) if over is FOREVER and first < today]
    if staying:
        at, on = dice.choice(staying), today + timedelta(days=dice.randint(0, 2))
        with world.databases.operator.begin(OPERATOR) as session:
            groups.leave(session, world.group, held[at][0], on=on, source="a treaty")
        held[at] = (*held[at][:2], on)


def bring(world: World, dice: Random) -> None:
    """Publish a new version of a document."""
    name = dice.choice(list(world.documents))
    dataset = world.facts.documents[name].dataset
    if not world.facts.datasets[dataset].withdrawn and name not in world.leaving:
        world.bring(name, dataset, dice)


def withdraw_document(world: World, dice: Random) -> None:
    """Withdraw one document; the worker has yet to take it out of the index."""
    name = dice.choice(list(world.documents))
    document = world.facts.documents[name]
    if document.chunks:
        with world.databases.operator.begin(OPERATOR) as session:
            world.leaving[name] = withdrawals.withdraw(session, world.documents[name], reason="leak")
        document.leaving, document.chunks = document.chunks, frozenset()


def take_out(world: World, dice: Random) -> None:
    """Let the worker take a withdrawn document out of the index."""
    if world.leaving:
        name = dice.choice(list(world.leaving))
        dataset_id = world.datasets[world.facts.documents[name].dataset]
        with world.databases.worker.begin(Worker(name="leak", dataset_id=dataset_id)) as session:
            chunks.take_out(session, dataset_id, world.leaving.pop(name))
        world.facts.documents[name].leaving = frozenset()


def withdraw_dataset(world: World, dice: Random) -> None:
    """Withdraw one dataset; some stay."""
    staying = [name for name, one in world.facts.datasets.items() if not one.withdrawn]
    if len(staying) > _FEWEST:
        world.withdraw(dice.choice(staying))


def wait(world: World, dice: Random) -> None:
    """Let hours go by, or a day."""
    by = HOUR * dice.choice([1, 1, 1, 2, 2, 24])
    with world.databases.operator.begin(OPERATOR) as session:
        clock.step(session, by)
    world.facts.now += by


def unseal(world: World, dice: Random) -> None:
    """Let the host hold its processes as the seal demands, or not; mostly it does."""
    world.facts.sealed = dice.choice([True, True, False])


#: How often each happens.
CHANGES: Final[dict[Callable[[World, Random], None], int]] = {
    give: 20, revoke: 6, retag: 10, move: 5, migrate: 8, join: 3, leave: 3, bring: 6, withdraw_document: 3,
    take_out: 5, retag_document: 10, rezone: 5, serve: 4, withdraw_dataset: 1, wait: 6, unseal: 3,
}  # fmt: skip
