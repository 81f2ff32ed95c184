"""Whoever holds the API's database role, claims to be anybody and asks no policy: the ceiling holds, all is audited."""

from decimal import Decimal
from random import Random
from uuid import uuid4

import pytest
from psycopg import errors

from catalog.datasets import Budget
from tests.catalog.ledger import rows, value
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import Nation
from tests.prove.marathon import strike

TEXT = "".join(f"secret{number:04d} of the vault. " for number in range(100))
SPANS = [(at, at + 50) for at in range(0, len(TEXT) - 50, 50)]
SIZE = len(TEXT)


@pytest.fixture
def vault(nation: Nation) -> Nation:
    """Three organisations with all of half a vault between them, and a public shelf beside it."""
    budget = Budget(window_characters=SIZE, lifetime_characters=SIZE, ceiling_share=Decimal("0.5"))
    nation.dataset("vault", budget=budget)
    for number in range(9):
        nation.person(f"p{number}", organisation=f"o{number % 3}")
        nation.grant(f"p{number}", "vault", share=Decimal("0.16"))
    publish_spans(nation, "vault", "a.txt", TEXT, SPANS)
    return nation


def test_claiming_everybody_brings_no_more_than_the_ceiling_and_each_character_is_in_the_trail(vault: Nation) -> None:
    chunks = [one for (one,) in rows(vault.database, "SELECT id FROM hub.chunks")]
    dice, came = Random(9), set()  # noqa: S311  # a test's dice
    with vault.database.connect("hub_api") as connection:
        for _ in range(150):
            person = dice.choice(list(vault.people.values()))
            got = strike(connection, person, uuid4(), [vault.datasets["vault"]], dice.choices(chunks, k=8))
            came |= {(person, chunk) for chunk in got}
    together = len(came) * 50
    assert SIZE // 2 - 9 * 50 < together <= SIZE // 2
    audited = """SELECT sum(c::int)::int FROM hub.audit_events e, jsonb_array_elements_text(e.detail -> 'charged') c
                  WHERE e.type = 'passages.disclosed'"""
    assert value(vault.database, audited) == together
    assert value(vault.database, "SELECT used FROM hub.lineage_budgets") == together


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hub.lineage_budgets SET used = 0",
        "DELETE FROM hub.lineage_budgets",
        "UPDATE hub.people SET behind_id = NULL",
        "INSERT INTO hub.text_traces VALUES (1, gen_random_uuid())",
        "UPDATE hub.chunks SET origin_lineages = '{}'",
        "UPDATE hub.lineages SET ceiling_share = 1",
        "UPDATE hub.grants SET mode = 'full', confirmed_by = 'me'",
        "SELECT hub.set_ceiling(gen_random_uuid(), 1, false, 0)",
        "SELECT hub.trace_copies(gen_random_uuid(), '{}', '{}')",
        "SELECT hub.open_budgets(gen_random_uuid(), gen_random_uuid(), 'research', '{}', '{}')",
        "SELECT hub.charged_person()",
    ],
)
def test_the_insider_moves_no_counter_no_copy_and_no_ceiling(vault: Nation, statement: str) -> None:
    with vault.database.connect("hub_api") as connection:
        connection.execute(
            "SELECT set_config('hub.subject', %s, true), set_config('hub.zone', 'zone', true)",
            [str(vault.people["p0"])],
        )
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)  # type: ignore[call-overload]  # own words
