"""What a person may come to do at all, by role; roles open no dataset, and what is in one is decided apart."""

from itertools import combinations

import pytest

from catalog.policy.facts import door_ruling
from catalog.vocabulary import Action, Role
from tests.spec.drawn import read

COMES_TO = """
               | ask           | recall     | browse     | manage     | oversee     | administer
    researcher | may-ask       | may-recall | may-browse | .          | .           | .
    founder    | may-ask       | may-recall | may-browse | .          | .           | .
    steward    | .             | .          | may-browse | may-manage | .           | .
    reviewer   | .             | .          | may-browse | .          | .           | .
    admin      | .             | .          | may-browse | .          | may-oversee | may-administer
    auditor    | .             | .          | may-browse | .          | may-oversee | .
    agent      | agent-may-ask | .          | .          | .          | .           | .
    service    | service-may-ask | .        | .          | .          | .           | .
    nobody     | .             | .          | .          | .          | .           | .
"""
TABLE = read(COMES_TO)
DOORS = ("ask", "recall", "browse", "manage", "oversee", "administer")
#: Actions that are no doors: what is decided of a dataset is never opened by a role.
DATASETS_OWN = {Action.QUERY, Action.INGEST, Action.KEEP}


def cell(action: str, *roles: str) -> str:
    ruling = door_ruling(Action(action), frozenset(roles))
    if not ruling.permitted:
        assert ruling.rules == ("default-deny",)
        return "."
    return " + ".join(rule.removeprefix("role.") for rule in ruling.rules)


def test_the_table_names_every_role_and_every_door() -> None:
    assert set(TABLE) == {*map(str, Role), "agent", "service", "nobody"}
    assert {*DOORS, *DATASETS_OWN} == set(Action)


def test_each_role_comes_to_do_what_is_drawn_and_nothing_else() -> None:
    held: dict[str, tuple[str, ...]] = {
        "nobody": (),
        "agent": ("agent",),
        "service": ("service",),
        **{role: (role,) for role in Role},
    }
    assert {name: {door: cell(door, *roles) for door in DOORS} for name, roles in held.items()} == TABLE


@pytest.mark.parametrize("roles", list(combinations(Role, 2)), ids="+".join)
def test_two_roles_open_what_either_opens(roles: tuple[Role, Role]) -> None:
    for door in DOORS:
        opened = {TABLE[role][door] for role in roles} - {"."}
        assert cell(door, *roles) == (" + ".join(sorted(opened)) or ".")


@pytest.mark.parametrize("stranger", ["Researcher", "auditor ", "admins", "*", "", "role.may-manage"])
def test_a_word_that_is_no_role_opens_nothing_but_the_cards(stranger: str) -> None:
    """Unknown words never come this far: reading a token leaves them out."""
    assert [cell(door, stranger) for door in DOORS] == [".", ".", "may-browse", ".", ".", "."]


@pytest.mark.parametrize("action", sorted(DATASETS_OWN))
def test_no_role_opens_what_is_decided_of_a_dataset(action: Action) -> None:
    assert not door_ruling(action, frozenset(map(str, Role))).permitted
