"""The residency board tells of each dataset what the policy rules, place by place, and who was refused from where."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog import board
from catalog.board import BoardRow, Cell
from catalog.db import Auditor, Database
from catalog.places import Place
from catalog.policy.facts import surroundings
from catalog.vocabulary import Classification, Jurisdiction, PlaceKind, Purpose
from tests.catalog.ledger import run, value
from tests.fixtures.nation import Nation

INES = Auditor(name="ines")
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def spread(nation: Nation) -> Nation:
    """Two people in DE, one in FR, one in the US; the rivers are for the EU, the vault for DE alone and unlisted."""
    for slug, place in (("ada", "DE"), ("bob", "DE"), ("luc", "FR"), ("sam", "US")):
        nation.person(slug, jurisdiction=place)
    nation.dataset("rivers")
    nation.dataset("vault", listed=False, access_from=["DE"], forbidden_legal_control=["US"])
    return nation


def shown(
    nation: Nation, auditors: Database, moved: Mapping[str, str] | None = None, *, since: datetime = ALWAYS
) -> dict[str, BoardRow]:
    """The board of a site some of whose parts stand elsewhere."""
    with auditors.begin(INES) as session:
        here = surroundings(session, nation.site, sealed=True)
        away = {
            part: replace(getattr(here, part), jurisdiction=Jurisdiction(place))
            for part, place in (moved or {}).items()
        }
        return {row.slug: row for row in board.board(session, replace(here, **away), since=since)}


def forbidden(cells: tuple[Cell, ...]) -> dict[str, tuple[str, ...]]:
    assert all(cell.allowed == (not cell.rules) for cell in cells)
    return {cell.place.kind: cell.rules for cell in cells if cell.rules}


def origins(row: BoardRow) -> dict[str, tuple[int, bool, int]]:
    return {one.jurisdiction: (one.people, one.allowed, one.refused) for one in row.accessed}


def test_each_dataset_has_its_row_unlisted_ones_too_and_withdrawn_ones_not(spread: Nation, auditors: Database) -> None:
    rows = shown(spread, auditors)
    assert list(rows) == ["rivers", "vault"]
    vault = rows["vault"]
    assert (vault.id, vault.title, vault.classification) == (
        spread.datasets["vault"], "Vault", Classification.INTERNAL,
    )  # fmt: skip
    assert (vault.store_in, vault.process_in, vault.access_from) == (("DE",), ("DE",), ("DE",))
    assert [cell.place.kind for cell in vault.stored] == [PlaceKind.STORE, PlaceKind.DATABASE]
    assert [cell.place.kind for cell in vault.processed] == [PlaceKind.SITE, PlaceKind.WORKER, PlaceKind.ENDPOINT]
    run(spread.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'vault'")
    assert list(shown(spread, auditors)) == ["rivers"]


def test_where_everything_stands_at_home_every_cell_is_allowed(spread: Nation, auditors: Database) -> None:
    for row in shown(spread, auditors).values():
        assert forbidden((*row.stored, *row.processed)) == {}


@pytest.mark.parametrize(
    ("part", "rules"),
    [
        ("store", ("ingest.store-outside-store-in",)),
        ("database", ("ingest.database-outside-store-in",)),
        ("worker", ("ingest.worker-outside-process-in",)),
        ("endpoint", ("ingest.endpoint-outside-process-in",)),
        ("site", ("query.site-outside-process-in",)),
    ],
)
def test_a_part_abroad_is_forbidden_in_its_own_cell_by_its_own_rule(
    spread: Nation, auditors: Database, part: str, rules: tuple[str, ...]
) -> None:
    row = shown(spread, auditors, {part: "FR"})["rivers"]
    assert forbidden((*row.stored, *row.processed)) == {part: rules}
    assert all(one.allowed for one in row.accessed if one.jurisdiction != "US")


def test_people_are_counted_by_place_and_each_place_ruled_on(spread: Nation, auditors: Database) -> None:
    rows = shown(spread, auditors)
    assert origins(rows["rivers"]) == {"DE": (2, True, 0), "FR": (1, True, 0), "US": (1, False, 0)}
    assert origins(rows["vault"]) == {"DE": (2, True, 0), "FR": (1, False, 0), "US": (1, False, 0)}
    assert {one.rules for one in rows["vault"].accessed if not one.allowed} == {("query.person-outside-access-from",)}


def test_a_law_that_reaches_the_site_forbids_every_cell_of_who_forbids_it(spread: Nation, auditors: Database) -> None:
    run(spread.database, "UPDATE hub.places SET legal_control = '{DE,US}' WHERE name = 'store'")
    rows = shown(spread, auditors)
    assert {cell.rules for cell in (*rows["vault"].stored, *rows["vault"].processed)} == {
        ("any.forbidden-legal-control",)
    }
    assert not any(one.allowed for one in rows["vault"].accessed)
    assert forbidden((*rows["rivers"].stored, *rows["rivers"].processed)) == {}


def test_an_unsealed_host_forbids_what_is_restricted(spread: Nation, auditors: Database) -> None:
    spread.dataset("orders", classification=Classification.RESTRICTED)
    with auditors.begin(INES) as session:
        here = surroundings(session, spread.site, sealed=False)
        rows = {row.slug: row for row in board.board(session, here, since=ALWAYS)}
    assert set(forbidden(rows["orders"].stored).values()) == {("any.host-not-sealed",)}
    assert forbidden(rows["rivers"].stored) == {}


def test_refusals_are_counted_by_dataset_and_place_each_decision_once(spread: Nation, auditors: Database) -> None:
    for person in ("ada", "luc"):
        spread.grant(person, "rivers")
    spread.grant("sam", "rivers")
    for person in ("ada", "luc", "sam", "sam"):
        spread.scope(person)
    rows = shown(spread, auditors)
    assert origins(rows["rivers"]) == {"DE": (2, True, 0), "FR": (1, True, 0), "US": (1, False, 2)}
    assert {code: refused for code, (_, _, refused) in origins(rows["vault"]).items()} == {"DE": 0, "FR": 0, "US": 0}


def test_not_to_hold_a_grant_is_a_refusal_only_for_who_may_ask_nothing(spread: Nation, auditors: Database) -> None:
    spread.grant("ada", "rivers")
    spread.dataset("lakes")
    spread.scope("ada")
    assert origins(shown(spread, auditors)["lakes"])["DE"][2] == 0
    spread.scope("bob")
    rows = shown(spread, auditors)
    assert (origins(rows["lakes"])["DE"][2], origins(rows["rivers"])["DE"][2]) == (1, 1)


def test_what_was_refused_before_the_boards_date_is_not_counted(spread: Nation, auditors: Database) -> None:
    spread.scope("sam")
    made = value(spread.database, "SELECT made_at FROM hub.decisions")
    assert origins(shown(spread, auditors, since=made)["rivers"])["US"][2] == 1
    assert origins(shown(spread, auditors, since=made + timedelta(microseconds=1))["rivers"])["US"][2] == 0


def test_the_board_opens_nothing_and_leaves_no_decision(spread: Nation, auditors: Database) -> None:
    spread.dataset("reviewed", purposes=[Purpose.REVIEW])
    assert set(shown(spread, auditors)) == {"reviewed", "rivers", "vault"}
    assert value(spread.database, "SELECT count(*) FROM hub.decisions") == 0


def test_a_cell_names_the_registered_place(spread: Nation, auditors: Database) -> None:
    store = shown(spread, auditors)["rivers"].stored[0].place
    assert store == Place(
        name="store", kind=PlaceKind.STORE, jurisdiction=Jurisdiction("DE"), operator="ministry",
        legal_control=frozenset({"DE"}),
    )  # fmt: skip


def test_the_month_begins_at_its_first_moment_in_utc_by_the_databases_clock(spread: Nation, auditors: Database) -> None:
    for ahead in (0, 20, 40, 400):
        spread.step_clock(timedelta(days=ahead))
        with auditors.begin(INES) as session:
            start = board.start_of_month(session)
        now = value(spread.database, "SELECT hub.hub_now() AT TIME ZONE 'UTC'")
        assert start.utcoffset() == timedelta()
        assert (start.year, start.month, start.day) == (now.year, now.month, 1)
        assert (start.hour, start.minute, start.second, start.microsecond) == (0, 0, 0, 0)


def test_each_endpoint_has_its_cell_and_the_row_is_open_while_one_of_them_may(
    spread: Nation, auditors: Database
) -> None:
    with auditors.begin(INES) as session:
        here = surroundings(session, spread.site, sealed=True)
        far = replace(here.endpoint, name="far", jurisdiction=Jurisdiction("FR"), legal_control=frozenset({"US"}))
        rows = {row.slug: row for row in board.board(session, replace(here, more_endpoints=(far,)), since=ALWAYS)}
    for slug, rules in (
        ("rivers", ("ingest.endpoint-outside-process-in",)),
        ("vault", ("any.forbidden-legal-control", "ingest.endpoint-outside-process-in")),
    ):
        cells = {cell.place.name: cell.rules for cell in (*rows[slug].stored, *rows[slug].processed)}
        assert cells == {"store": (), "database": (), "site": (), "worker": (), "endpoint": (), "far": rules}
        assert all(one.allowed or one.jurisdiction != "DE" for one in rows[slug].accessed)
