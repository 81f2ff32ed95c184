"""A crawl in small, through the API with real tokens: what each adversary gets, with a defence and without."""

from decimal import Decimal
from random import Random

import pytest

from catalog.datasets import BUDGETS, Budget
from catalog.vocabulary import Classification
from hub.evaluation.bench.echo import Echo
from hub.evaluation.crawl.adversaries import Heard, makers
from hub.evaluation.crawl.attack import Attack, Colluder, Limits
from hub.evaluation.crawl.corpus import COMMON, LENGTH, Record, corpus
from hub.evaluation.crawl.honest import LEAST_ANSWERED, MOST_LOCK_OUTS, lived, script
from hub.evaluation.crawl.mouth import Filtered
from hub.evaluation.crawl.plan import ASKING, UNDEFENDED, Plan
from hub.evaluation.crawl.results import Results
from hub.evaluation.crawl.run import told
from hub.evaluation.crawl.watch import Watch
from tests.hub.api.conftest import Door
from tests.hub.fakes.model_server import Scripted
from tests.security.crawled import CEILING, COUNT, HELD, LIFETIME, LIMITS, OPEN, SHARE, WINDOW, Town


def test_undefended_a_greedy_crawler_gets_most_of_it_so_that_the_benchmark_is_not_blind(door: Door) -> None:
    town = Town(door, OPEN)
    got = town.attack("A4 greedy", [("lab", town.mouth("eve", "lab"))], questions=COUNT // 2, days=0)
    assert got.watch.coverage >= 0.6
    assert got.watch.half_after is not None
    assert got.watch.verbatim >= got.watch.coverage - 0.01


@pytest.fixture
def obedient(chat: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the model do as it is told: no real one gives away more."""

    def echoed(_: Scripted, request: dict[str, object]) -> str:
        return str(Echo(0).complete(request)["choices"][0]["message"]["content"])

    monkeypatch.setattr(type(chat), "_answer", echoed)


@pytest.mark.usefixtures("obedient")
@pytest.mark.parametrize("name", ASKING)
def test_undefended_each_way_of_asking_gets_what_its_yardstick_says(door: Door, name: str) -> None:
    town = Town(door, OPEN)
    plan = Plan(seed=5, records=COUNT, questions=COUNT // 2, days=0, colluders=[], searching=False)
    got = town.attack(name, [("lab", town.mouth("eve", "lab", questions=True))], questions=COUNT // 2, days=0)
    results = Results(plan={})
    results.add(name, {"adversary": name, "arm": UNDEFENDED, **got.result(None, charged=OPEN.lifetime_characters)})
    assert [(one["adversary"], one["met"]) for one in told(plan, results)["sees"]] == [(name, True)]


def test_a_record_can_be_quoted_to_its_end_by_who_repeats_sentences() -> None:
    record = corpus(1, 1)[0]
    assert record.body.endswith(".\n")
    asked = f"Passages.\n{record.body}\nQuestion: What is known of the {' and the '.join(COMMON)}?"
    message: dict[str, object] = {"messages": [{"role": "user", "content": asked}]}
    said = Echo(0).complete(message)["choices"][0]["message"]["content"]
    assert said.startswith("Around it: ")


def test_a_filter_on_prompts_stops_who_asks_like_an_attack_and_nobody_else(door: Door) -> None:
    town = Town(door, OPEN)
    mouth = Filtered(behind=town.mouth("eve", "lab"))
    assert town.attack("A1 repeat", [("lab", mouth)], questions=10, days=0).watch.coverage == 0
    assert town.attack("A4 greedy", [("lab", mouth)], questions=COUNT // 2, days=0).watch.coverage >= 0.6


@pytest.mark.usefixtures("obedient")
@pytest.mark.parametrize("name", ASKING)
def test_no_single_account_gets_past_the_bound(door: Door, name: str) -> None:
    town = Town(door, HELD)
    got = town.attack(name, [("lab", town.mouth("eve", "lab", questions=True))], questions=60, days=1)
    assert got.violations(LIMITS) == []
    assert got.got[0].characters <= min(LIFETIME, WINDOW * (got.days + 1))


def test_who_knows_everything_beforehand_ends_exactly_at_the_bound(door: Door) -> None:
    town = Town(door, HELD)
    eve = [("lab", town.mouth("eve", "lab"))]
    assert town.attack("A5 omniscient", eve, questions=40, days=0).got[0].characters == WINDOW
    town.next_day()
    got = town.attack("A5 omniscient", eve, questions=200, days=5)
    total = door.nation.database
    with total.connect() as connection:
        row = connection.execute("SELECT lifetime_used FROM hub.person_budgets").fetchone()
    assert row == (LIFETIME,)
    assert got.violations(LIMITS) == []


@pytest.mark.parametrize(("k", "organisations"), [(2, 1), (5, 1), (5, 5)])
def test_colluders_get_no_more_than_their_organisations_nor_all_than_the_ceiling(
    door: Door, k: int, organisations: int
) -> None:
    town = Town(door, HELD)
    granted = min(organisations, int(CEILING / SHARE))  # the ceiling has a share for no more
    mouths = [(f"o{one % granted}", town.mouth(f"e{one}", f"o{one % granted}")) for one in range(k)]
    got = town.attack("A5 omniscient", mouths, questions=250, days=4)
    assert got.violations(LIMITS) == []
    together = sum(one.characters for one in got.got)
    assert together == min(k * LIFETIME, granted * LIMITS.organisation, LIMITS.together)


def test_near_duplicates_and_marks_are_as_the_benchmark_says() -> None:
    records = corpus(1, 2_000)
    assert len({record.mark for record in records}) == 2_000
    assert {len(record.body) for record in records} == {LENGTH}
    tails = [record.body.partition("Around it: ")[2][:120] for record in records]
    assert 0.03 < 1 - len(set(tails)) / len(tails) < 0.08
    assert not {one.name for one in corpus(1, 50)} & {one.name for one in corpus(2, 50)}


def test_the_watch_counts_marks_and_slices_apart_and_each_record_something_came_of_whole() -> None:
    records: list[Record] = corpus(1, 10)
    watch = Watch(records=records)
    assert watch.read([records[0].mark]) == {0}
    assert (watch.coverage, watch.verbatim, watch.characters) == (0.1, 0.0, LENGTH)
    assert watch.read([records[1].body]) == {1}
    assert (watch.coverage, watch.characters) == (0.2, 2 * LENGTH)
    assert watch.verbatim == pytest.approx(0.1, abs=0.02)


def test_a_violation_is_seen() -> None:
    watch = Watch(records=corpus(1, 10))

    class Open:
        def say(self, _: str) -> Heard:
            return Heard(texts=tuple(record.body for record in watch.records))

    adversary = makers(watch.records)["A0 random"](Random(1))  # noqa: S311  # a test's dice
    attack = Attack(
        adversary=adversary, colluders=[Colluder(organisation="o", mouth=Open())], watch=watch, next_day=list
    )
    found = attack.run(questions=1, days=0).violations(
        Limits(window=LENGTH, lifetime=LENGTH, organisation=LENGTH, together=LENGTH)
    )
    assert len(found) == 3


def test_honest_people_hardly_notice_the_default_budgets_of_what_is_internal(door: Door) -> None:
    asked = script(Random(5), records=1_200, people=3, days=5)  # noqa: S311  # a test's dice
    town = Town(door, BUDGETS[Classification.INTERNAL], 1_200)
    month = lived(asked, [town.mouth(f"p{one}", "lab") for one in range(3)], town.records, town.next_day)
    assert month.asked == len(asked) > 40
    assert month.answered >= LEAST_ANSWERED * month.asked
    assert month.locked_out <= MOST_LOCK_OUTS * month.person_days


def test_a_budget_too_small_for_honest_people_is_seen(door: Door) -> None:
    tight = Budget(window_characters=LENGTH, lifetime_characters=2 * LENGTH, ceiling_share=Decimal(1))
    town = Town(door, tight)
    asked = script(Random(5), records=COUNT, people=2, days=4)  # noqa: S311  # a test's dice
    month = lived(asked, [town.mouth(f"p{one}", "lab") for one in range(2)], town.records, town.next_day)
    assert month.answered < LEAST_ANSWERED * month.asked
    assert month.locked_out > MOST_LOCK_OUTS * month.person_days
