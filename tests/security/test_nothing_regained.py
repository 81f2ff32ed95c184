"""Characters once charged stay charged: none of the ways by which a budget could begin anew gives one back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from catalog import datasets, grants, people
from catalog.ceilings import set_ceiling
from catalog.datasets import Budget
from catalog.db import Database
from catalog.disclosure import disclose
from catalog.errors import AccessDeniedError, BudgetExhaustedError
from catalog.vocabulary import ChunkId, Purpose
from tests.catalog.ledger import rows, run, value
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import OPERATOR, TERM, Nation

#: Words enough that copies are known by them, none of them twice.
TEXT = "".join(f"reach{number:04d} of the river Marn ends at lock {number * 7:05d}. " for number in range(60))
PIECE = len(TEXT) // 60
SPANS = [(start, start + PIECE * 2) for start in range(0, len(TEXT), PIECE * 2)]
SIZE = len(TEXT)
LIFETIME = PIECE * 12
WINDOW = PIECE * 6
DAY = timedelta(days=1, seconds=1)
#: No account's own budget is in the way any more.
WIDER: Final = """UPDATE hub.datasets SET lifetime_characters = 100000, most_lifetime_characters = 100000,
                                         window_characters = 100000, most_window_characters = 100000"""


@dataclass(kw_only=True)
class Spent:
    """Ada has read all she ever may of the rivers; Bob of her lab nothing, which leaves the lab a share."""

    nation: Nation
    ids: list[ChunkId]

    def read(self, person: str = "ada", ids: list[ChunkId] | None = None) -> int:
        """How many characters new to the person come through the gate, over three windows."""
        got = 0
        for _ in range(3):
            scope = self.nation.scope(person)
            for one in self.ids if ids is None else ids:
                try:
                    got += sum(p.charged for p in disclose(self.nation.api, scope, [one]).passages)
                except (BudgetExhaustedError, AccessDeniedError):
                    continue
            self.later()
        return got

    def later(self, step: timedelta = DAY) -> None:
        self.nation.step_clock(value(self.nation.database, "SELECT ahead FROM hub.clock") + step)


@pytest.fixture
def spent(nation: Nation) -> Spent:
    nation.person("ada", organisation="lab")
    nation.person("bob", organisation="lab")
    budget = Budget(
        window_characters=WINDOW, lifetime_characters=LIFETIME, ceiling_share=Decimal("0.5"),
        most_window_characters=WINDOW, most_lifetime_characters=LIFETIME,
    )  # fmt: skip
    nation.dataset("rivers", budget=budget)
    nation.grant("ada", "rivers", share=Decimal("0.5"))
    _, ids = publish_spans(nation, "rivers", "a.txt", TEXT, SPANS)
    made = Spent(nation=nation, ids=ids)
    assert made.read() == LIFETIME
    assert made.read() == 0
    return made


def grown(nation: Nation, slug: str = "rivers", name: str = "more.txt") -> list[ChunkId]:
    """Other words enough that an organisation's share of the dataset is no matter."""
    words = "".join(
        f"shore{number:05d} holds stone{number * 3:06d} and sand{number * 11:06d}. " for number in range(400)
    )
    return publish_spans(nation, slug, name, words, [(at, at + 100) for at in range(0, 4000, 100)])[1]


def test_another_cut_of_the_same_file_gives_nothing_back(spent: Spent) -> None:
    grown(spent.nation)
    _, ids = publish_spans(spent.nation, "rivers", "a.txt", TEXT, [(at, at + 37) for at in range(0, SIZE - 37, 37)])
    assert spent.read(ids=ids) == 0


def test_the_same_file_once_more_under_another_name_gives_nothing_back(spent: Spent) -> None:
    grown(spent.nation)
    _, ids = publish_spans(spent.nation, "rivers", "b.txt", TEXT, SPANS)
    assert spent.read(ids=ids) == 0


def test_another_extraction_of_the_same_file_gives_nothing_back(spent: Spent) -> None:
    grown(spent.nation)
    _, ids = publish_spans(spent.nation, "rivers", "a.txt", TEXT.replace(" ends at", "  ends at"), SPANS)
    assert spent.read(ids=ids) == 0


def test_a_new_version_gives_nothing_back(spent: Spent) -> None:
    grown(spent.nation)
    _, ids = publish_spans(spent.nation, "rivers", "a.txt", TEXT.replace("Marn", "Orle"), SPANS)
    assert spent.read(ids=ids) == 0


AMPLE = Budget(window_characters=10 * SIZE, lifetime_characters=10 * SIZE, ceiling_share=Decimal(1))


def copied(spent: Spent, text: str, slug: str = "copy") -> list[ChunkId]:
    """A dataset of its own, with an ample budget, that holds the text."""
    spent.nation.dataset(slug, budget=AMPLE)
    for person in ("ada", "bob"):
        spent.nation.grant(person, slug, share=Decimal(1))
    return publish_spans(spent.nation, slug, "copy.txt", text, SPANS)[1]


def test_a_copy_in_another_dataset_gives_nothing_back(spent: Spent) -> None:
    assert spent.read(ids=copied(spent, TEXT)) == 0


def test_a_copy_with_every_thirtieth_word_changed_gives_nothing_back(spent: Spent) -> None:
    words = TEXT.split(" ")
    words[::30] = ["x" * len(word) for word in words[::30]]
    assert spent.read(ids=copied(spent, " ".join(words))) == 0


def test_a_copy_cut_elsewhere_with_words_before_it_gives_nothing_back(spent: Spent) -> None:
    assert spent.read(ids=copied(spent, ("A preface of other words. " + TEXT)[:SIZE])) == 0


def test_other_words_in_another_dataset_are_charged_to_no_one_else(spent: Spent) -> None:
    """The control reaches copies and nothing beside them."""
    spent.nation.dataset("shores", budget=AMPLE)
    spent.nation.grant("ada", "shores", share=Decimal(1))
    ids = grown(spent.nation, "shores", "shores.txt")
    assert spent.read(ids=ids) == 4000
    assert rows(spent.nation.database, "SELECT DISTINCT origin_lineages FROM hub.chunks") == [([],)]


def test_what_one_reads_of_a_copy_counts_against_the_originals_ceiling_too(spent: Spent) -> None:
    """Ada read a tenth of the original; its owner's half is what she and Bob read together, wherever it stands."""
    ids = copied(spent, TEXT)
    run(spent.nation.database, WIDER)
    together = LIFETIME + spent.read("bob", ids)
    assert SIZE // 2 - 2 * PIECE < together <= SIZE // 2


def withdrawn(spent: Spent) -> None:
    with spent.nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, spent.nation.datasets["rivers"], reason="made anew")


def test_a_dataset_taken_away_and_made_again_gives_nothing_back(spent: Spent) -> None:
    withdrawn(spent)
    assert spent.read(ids=copied(spent, TEXT, "rivers-again")) == 0


def test_a_new_version_makes_the_original_no_larger_for_who_reads_its_copy(spent: Spent) -> None:
    for number in range(3):
        publish_spans(spent.nation, "rivers", "a.txt", TEXT[:-1] + str(number), SPANS)
    assert rows(spent.nation.database, "SELECT characters::int, peak_characters::int FROM hub.lineages") == [
        (SIZE, SIZE)
    ]


def test_a_document_that_moved_is_still_read_by_who_has_budget_for_it(spent: Spent) -> None:
    """The original's share is of the most it ever held, so that a move doesn't lock everyone out."""
    publish_spans(spent.nation, "rivers", "a.txt", "Moved.", [(0, 6)])
    assert spent.read("bob", copied(spent, TEXT)) == LIFETIME


def test_a_renewed_grant_gives_nothing_back(spent: Spent) -> None:
    held = grants.every  # the newest first
    with spent.nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, held(session)[0]["id"], reason="renewed")  # type: ignore[arg-type]
    spent.nation.grant("ada", "rivers", share=Decimal("0.5"))
    assert spent.read() == 0


@pytest.mark.parametrize("grantee", ["the person", "the organisation", "everyone"])
def test_a_second_grant_gives_nothing_back(spent: Spent, grantee: str) -> None:
    with spent.nation.operator.begin(OPERATOR) as session:
        whom = {
            "the person": grants.Grantee(person_id=spent.nation.people["ada"]),
            "the organisation": grants.Grantee(organisation_id=people.find_organisation(session, "lab")),
            "everyone": grants.Grantee(everyone=True),
        }[grantee]
        grants.give(
            session, dataset_id=spent.nation.datasets["rivers"], grantee=whom,
            purpose=Purpose.RESEARCH, term=TERM, window_characters=9 * SIZE, lifetime_characters=9 * SIZE,
        )  # fmt: skip
    assert spent.read() == 0


def test_a_new_session_gives_nothing_back(spent: Spent) -> None:
    fresh = Database(spent.nation.database.url("hub_api"), pool_size=2)
    try:
        spent.nation.api = fresh
        assert spent.read() == 0
    finally:
        fresh.close()


def test_a_second_account_of_the_person_gives_nothing_back(spent: Spent) -> None:
    spent.nation.person("ada-too", organisation="lab")
    with spent.nation.operator.begin(OPERATOR) as session:
        people.put_behind(session, "ada-too", "ada")
    spent.nation.grant("ada-too", "rivers", share=Decimal("0.5"))
    assert spent.read("ada-too") == 0


def test_what_a_second_account_read_before_it_was_known_counts_from_then_on(spent: Spent) -> None:
    spent.nation.person("zoe", organisation="lab")
    spent.nation.grant("bob", "rivers", share=Decimal("0.5"))
    assert spent.read("bob", spent.ids[:2]) == 4 * PIECE
    with spent.nation.operator.begin(OPERATOR) as session:
        people.put_behind(session, "bob", "zoe")
    spent.nation.grant("zoe", "rivers", share=Decimal("0.5"))
    assert spent.read("zoe", spent.ids[:2]) == 0, "read already, so it is free"
    assert spent.read("zoe", spent.ids[2:]) == LIFETIME - 4 * PIECE


@pytest.mark.parametrize("how", ["by name", "as a new one"])
def test_a_renamed_organisation_gives_nothing_back(spent: Spent, how: str) -> None:
    if how == "by name":
        run(
            spent.nation.database,
            "UPDATE hub.organisations SET slug = 'institute', name = 'Institute' WHERE slug = 'lab'",
        )
    else:
        with spent.nation.operator.begin(OPERATOR) as session:
            people.register_organisation(session, slug="institute", name="Institute", jurisdiction="DE")
        run(
            spent.nation.database,
            "UPDATE hub.people SET organisation_id = (SELECT id FROM hub.organisations WHERE slug = 'institute')"
            " WHERE slug IN ('ada', 'bob')",
        )
    assert spent.read() == 0
    together = value(spent.nation.database, "SELECT sum(used)::int FROM hub.organisation_budgets")
    assert together == LIFETIME


def test_who_moves_to_an_organisation_without_a_share_takes_none_along(spent: Spent) -> None:
    nation = spent.nation
    nation.grant("bob", "rivers", share=Decimal("0.5"))
    nation.person("eve", organisation="startup")
    run(
        nation.database,
        "UPDATE hub.people SET organisation_id = (SELECT organisation_id FROM hub.people WHERE slug = 'eve')"
        " WHERE slug = 'bob'",
    )
    assert spent.read("bob") == 0


def test_a_clock_that_is_moved_back_gives_nothing_back(spent: Spent) -> None:
    run(spent.nation.database, "UPDATE hub.datasets SET most_lifetime_characters = 90000, lifetime_characters = 90000")
    before = value(spent.nation.database, "SELECT ahead FROM hub.clock")
    for ahead in (before + DAY, timedelta(0), before, timedelta(0), before + DAY):
        spent.nation.step_clock(ahead)
        for one in spent.ids:
            try:
                disclose(spent.nation.api, spent.nation.scope("ada"), [one])
            except (BudgetExhaustedError, AccessDeniedError):
                continue
    ((started, ever),) = rows(spent.nation.database, "SELECT window_started_at, lifetime_used FROM hub.person_budgets")
    assert ever == LIFETIME + WINDOW, "one window more, the one that had begun, however often its days come again"
    assert started > datetime.now(UTC)


def test_at_the_edge_of_a_window_no_more_than_two_windows_are_read(spent: Spent) -> None:
    nation = spent.nation
    nation.grant("bob", "rivers", share=Decimal("0.5"))
    got = 0
    for step in (timedelta(hours=23, minutes=59, seconds=40), timedelta(seconds=40)):
        for one in spent.ids:
            try:
                got += sum(p.charged for p in disclose(nation.api, nation.scope("bob"), [one]).passages)
            except BudgetExhaustedError:
                continue
        spent.later(step)
    assert got == WINDOW, "the window began with the first reading and is not over 20 s before its end"
    assert spent.read("bob") == LIFETIME - WINDOW


def test_a_request_that_is_sent_again_after_a_cut_is_charged_once_and_answered_alike(spent: Spent) -> None:
    spent.nation.grant("bob", "rivers", share=Decimal("0.5"))
    scope = spent.nation.scope("bob")
    with spent.nation.database.connect("hub_api") as connection:
        connection.execute(
            "SELECT set_config('hub.subject', %s, true), set_config('hub.zone', 'zone', true)",
            [str(scope.subject.person_id)],
        )
        connection.execute("SELECT * FROM hub.disclose(%s, %s)", [scope.decision_id, spent.ids[:2]])
        connection.commit()  # and the connection is lost before a word is read
    again = disclose(spent.nation.api, spent.nation.scope("bob"), spent.ids[:2])
    assert [len(p.body) for p in again.passages] == [2 * PIECE] * 2
    assert [p.charged for p in again.passages] == [0, 0]


def test_a_share_made_smaller_after_it_was_read_gives_nobody_what_the_ceiling_does_not_hold(spent: Spent) -> None:
    nation = spent.nation
    run(nation.database, WIDER)
    assert LIFETIME + spent.read() > SIZE // 2 - 2 * PIECE
    nation.grant("ada", "rivers", share=Decimal("0.01"))
    nation.person("eve", organisation="startup")
    nation.grant("eve", "rivers", share=Decimal("0.4"))
    assert spent.read("eve") == 0


def test_a_grant_for_everyone_holds_all_organisations_to_the_ceiling_together(nation: Nation) -> None:
    wide = Budget(window_characters=SIZE, lifetime_characters=SIZE, ceiling_share=Decimal("0.3"))
    nation.dataset("rivers", budget=wide)
    with nation.operator.begin(OPERATOR) as session:
        grants.give(
            session, dataset_id=nation.datasets["rivers"], grantee=grants.Grantee(everyone=True),
            purpose=Purpose.RESEARCH, term=TERM,
        )  # fmt: skip
    _, ids = publish_spans(nation, "rivers", "a.txt", TEXT, SPANS)
    got = 0
    for number in range(4):
        nation.person(f"p{number}", organisation=f"o{number}")
        got += Spent(nation=nation, ids=ids).read(f"p{number}", ids[number * 7 :])
    assert 3 * SIZE // 10 - 2 * PIECE < got <= 3 * SIZE // 10


@pytest.fixture
def lowered(spent: Spent) -> Callable[[str], None]:
    def change(share: str) -> None:
        with spent.nation.operator.begin(OPERATOR) as session:
            set_ceiling(session, "rivers", Decimal(share), confirmed=int(Decimal(share) * SIZE))

    return change


def test_a_ceiling_raised_and_lowered_again_forgets_nothing(spent: Spent, lowered: Callable[[str], None]) -> None:
    nation = spent.nation
    lowered("1")
    run(nation.database, WIDER)
    nation.person("eve", organisation="startup")
    nation.grant("eve", "rivers", share=Decimal("0.5"))
    assert spent.read("eve") == SIZE // 2
    lowered("0.8")
    assert spent.read() == 8 * SIZE // 10 - SIZE // 2 - LIFETIME
    assert value(nation.database, "SELECT used::int FROM hub.lineage_budgets") == 8 * SIZE // 10
