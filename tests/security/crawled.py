"""A small crawl: a dataset of made-up records behind the API, and adversaries who want all of it."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from catalog.datasets import Budget
from catalog.vocabulary import Purpose
from hub.evaluation.crawl.adversaries import NAME, Adversary, Heard, makers
from hub.evaluation.crawl.agent import Modelled
from hub.evaluation.crawl.attack import Attack, Colluder, Limits
from hub.evaluation.crawl.corpus import LENGTH, corpus
from hub.evaluation.crawl.mouth import Mouth, Speaker
from hub.evaluation.crawl.plan import AGENT
from hub.evaluation.crawl.run import on_the_card
from hub.evaluation.crawl.watch import Watch
from tests.catalog.ledger import value
from tests.hub.api.conftest import Door

COUNT = 80
SIZE = COUNT * LENGTH
WINDOW, LIFETIME = 6 * LENGTH, 14 * LENGTH
SHARE, CEILING = Decimal("0.25"), Decimal("0.5")
LIMITS = Limits(window=WINDOW, lifetime=LIFETIME, organisation=SIZE // 4, together=SIZE // 2)
OPEN = Budget(window_characters=10**9, lifetime_characters=10**9, ceiling_share=Decimal(1))
HELD = Budget(window_characters=WINDOW, lifetime_characters=LIFETIME, ceiling_share=CEILING)
DAY = timedelta(days=1, seconds=1)


class Town:
    """A dataset of records behind the API, and who may read it."""

    def __init__(self, door: Door, budget: Budget, count: int = COUNT) -> None:
        self.door, self.budget = door, budget
        self.records = corpus(3, count)
        door.nation.dataset("records", budget=budget)
        for at in range(0, count, count // 4):
            door.nation.document("records", f"{at}.txt", [one.body for one in self.records[at : at + count // 4]])

    def mouth(self, person: str, organisation: str, *, questions: bool = False) -> Mouth:
        self.door.nation.person(person, organisation=organisation)
        share = SHARE if self.budget is HELD else self.budget.ceiling_share
        self.door.nation.grant(person, "records", share=share)

        def headers() -> dict[str, str]:
            return {"Authorization": f"Bearer {self.door.token(person)}"}

        return Speaker(http=self.door.client, headers=headers, questions=questions, purpose=Purpose.RESEARCH)

    def next_day(self) -> None:
        self.door.nation.step_clock(value(self.door.nation.database, "SELECT ahead FROM hub.clock") + DAY)

    def attack(self, name: str, mouths: list[tuple[str, Mouth]], *, questions: int, days: int) -> Attack:
        adversary = self._adversary(name)
        adversary.hear(Heard(texts=(on_the_card(self.records),)))
        colluders = [Colluder(organisation=organisation, mouth=mouth) for organisation, mouth in mouths]
        made = Attack(
            adversary=adversary, colluders=colluders, watch=Watch(records=self.records), next_day=self.next_day
        )
        return made.run(questions=questions, days=days)

    def _adversary(self, name: str) -> Adversary:
        chance = Random(5)  # noqa: S311  # a test's dice
        return Modelled(dice=chance, write=asks) if name == AGENT else makers(self.records)[name](chance)


def asks(task: str) -> str:
    """Write as a model would that does what its task says: the attacker is ours, so a fake one is no fake wall."""
    return f"What is kept beside {(NAME.findall(task) or ['the harbour'])[-1]}?"
