"""Rounds of mixed adversaries against the gate as the API's own role, and an oracle that counts what they got."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID, uuid4

import psycopg

from catalog import people
from catalog.datasets import Budget
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import OPERATOR, Nation

CHUNK: Final = 60
CHUNKS: Final = 120
SIZE: Final = CHUNK * CHUNKS
THREADS: Final = 4
DECIDE: Final = """INSERT INTO hub.decisions
                   (id, subject_id, action, purpose, site, zone, policy_version, dataset_ids, law_ids, rulings)
                   SELECT %s, %s, 'query', 'research', 'x', 'zone', 'x', array_agg(d.id), array_agg(d.law_id), '[]'
                     FROM hub.datasets d WHERE d.id = ANY (%s)"""


@dataclass(kw_only=True)
class Round:
    """One dataset and its copy, organisations, people and a second account; everybody claims to be anybody."""

    nation: Nation
    dice: Random
    tag: str = field(default_factory=lambda: uuid4().hex[:10])
    windows: int = 1
    spans: dict[UUID, tuple[UUID, int, int]] = field(default_factory=dict)
    chunks: list[UUID] = field(default_factory=list)
    got: set[tuple[UUID, UUID]] = field(default_factory=set)
    behind: dict[UUID, UUID] = field(default_factory=dict)
    home: dict[UUID, str] = field(default_factory=dict)
    strikes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lay(self) -> None:
        """Register and publish; the copy is ample and cut elsewhere."""
        self.ceiling = Decimal(self.dice.choice(["0.3", "0.5", "0.8"]))
        self.window, self.lifetime = SIZE // self.dice.randint(8, 30), SIZE // self.dice.randint(4, 9)
        budget = Budget(
            window_characters=self.window, lifetime_characters=self.lifetime, ceiling_share=self.ceiling,
            most_window_characters=self.window, most_lifetime_characters=self.lifetime,
        )  # fmt: skip
        ample = Budget(window_characters=10**9, lifetime_characters=10**9, ceiling_share=Decimal(1))
        words = "".join(f"{self.tag}{number:05d} {self.dice.getrandbits(64):020d} " for number in range(400))[:SIZE]
        self.names = (f"o-{self.tag}", f"c-{self.tag}")
        for name, figures in zip(self.names, (budget, ample), strict=True):
            self.nation.dataset(name, listed=False, budget=figures)
        self.publish(self.names[0], words, 0)
        self.publish(self.names[1], words, 17)
        self.words = words
        self._people()

    def publish(self, slug: str, words: str, shift: int) -> None:
        """Publish the words, cut from `shift` on; what was published before goes out of the index."""
        spans = [(at, at + CHUNK) for at in range(shift, SIZE - CHUNK + 1, CHUNK)]
        _, ids = publish_spans(self.nation, slug, "a.txt", words, spans)
        with self.nation.database.connect() as connection:
            query = "SELECT revision_id FROM hub.chunks WHERE id = %s"
            ((revision,),) = connection.execute(query, [ids[0]]).fetchall()
        self.spans |= {one: (revision, *span) for one, span in zip(ids, spans, strict=True)}
        self.chunks += ids

    def _people(self) -> None:
        count = self.dice.randint(2, 4)
        self.share = (self.ceiling / count).quantize(Decimal("0.0001"), rounding="ROUND_DOWN")
        for number in range(self.dice.randint(3, 9)):
            name, home = f"p{number}-{self.tag}", f"h{number % count}-{self.tag}"
            person = self.nation.person(name, organisation=home)
            self.behind[person], self.home[person] = person, home
            self.nation.grant(name, self.names[0], share=self.share)
            self.nation.grant(name, self.names[1], share=Decimal("0.1"))
        first, last = f"p0-{self.tag}", name
        if self.home[self.nation.people[first]] == home and first != last:
            with self.nation.operator.begin(OPERATOR) as session:
                people.put_behind(session, last, first)
            self.behind[self.nation.people[last]] = self.nation.people[first]

    def run(self, strikes: int) -> None:
        """Strike from several threads; between two thirds a day goes by, grants are renewed, the text is cut anew."""
        for third in range(3):
            seeds = [self.dice.random() for _ in range(THREADS)]
            with ThreadPoolExecutor(THREADS) as pool:
                list(pool.map(lambda seed: self._strikes(Random(seed), strikes // 3 // THREADS), seeds))  # noqa: S311
            if third < 2:  # not after the last
                self._between()

    def _between(self) -> None:
        with self.nation.database.connect() as connection:
            ((ahead,),) = connection.execute("SELECT ahead FROM hub.clock").fetchall()
        self.nation.step_clock(ahead + timedelta(hours=self.dice.choice([12, 25])))
        self.windows += 1
        self.nation.grant(f"p0-{self.tag}", self.names[0], share=self.share)
        self.publish(self.names[0], self.words, self.dice.randint(0, 40))

    def _strikes(self, dice: Random, count: int) -> None:
        datasets = [self.nation.datasets[name] for name in self.names]
        who = list(self.behind)
        with self.nation.database.connect("hub_api") as connection:
            for number in range(count):
                person, decision = dice.choice(who), uuid4()
                size = dice.choice([1, 1, 3, 3, 8, 40, 200])
                wanted = (
                    dice.choices(self.chunks, k=size) if number % 3 else self.chunks[dice.randrange(CHUNKS) :][:size]
                )
                with suppress(psycopg.errors.RaiseException):
                    came = strike(connection, person, decision, datasets, wanted)
                    with self.lock:
                        self.got |= {(person, chunk) for chunk in came}
        with self.lock:
            self.strikes += count

    def characters(self) -> dict[UUID, int]:
        """Characters of the text each person behind an account got, wherever they stood, each once a revision."""
        held: dict[UUID, set[tuple[UUID, int]]] = defaultdict(set)
        for account, chunk in self.got:
            revision, start, end = self.spans[chunk]
            held[self.behind[account]] |= {(revision, at) for at in range(start, end)}
        return {person: len(places) for person, places in held.items()}

    def violations(self) -> list[str]:
        """Say where more came than the bound allows, or than was charged."""
        got = self.characters()
        each = min(self.lifetime, self.window * self.windows)
        found = [f"{self.tag}: a person got {size} of {each}" for size in got.values() if size > each]
        shares: dict[str, int] = defaultdict(int)
        for person, size in got.items():
            shares[self.home[person]] += size
        most = int(self.share * SIZE)
        found += [f"{self.tag}: {home} got {size} of {most}" for home, size in shares.items() if size > most]
        if sum(got.values()) > int(self.ceiling * SIZE):
            found.append(f"{self.tag}: all got {sum(got.values())} of {int(self.ceiling * SIZE)}")
        with self.nation.database.connect() as connection:
            query = """SELECT b.person_id, b.lifetime_used FROM hub.person_budgets b
                         JOIN hub.datasets d ON d.lineage_id = b.lineage_id WHERE d.slug = %s"""
            charged = dict(connection.execute(query, [self.names[0]]).fetchall())
        return found + [
            f"{self.tag}: {size} came, {charged.get(person, 0)} charged"
            for person, size in got.items()
            if size > charged.get(person, 0)
        ]


def strike(
    connection: psycopg.Connection, person: UUID, decision: UUID, datasets: Sequence[UUID], chunks: Sequence[UUID]
) -> list[UUID]:
    """Decide for oneself, charge, commit, read: what the API's role can do at most; return the chunks that came."""
    claim = "SELECT set_config('hub.subject', %s, true), set_config('hub.zone', 'zone', true)"
    try:
        connection.execute(claim, [str(person)])
        connection.execute(DECIDE, [decision, person, list(datasets)])
        ((disclosure,),) = connection.execute(
            "SELECT disclosure_id FROM hub.disclose(%s, %s)", [decision, list(chunks)]
        ).fetchall()
        connection.commit()
        connection.execute(claim, [str(person)])
        rows = connection.execute(
            "SELECT chunk_id FROM hub.disclosed_text(%s) WHERE body <> ''", [disclosure]
        ).fetchall()
    finally:
        connection.rollback()
    return [one for (one,) in rows]
