"""A9: somebody who holds the API's database role, claims to be whomever they like, and asks no policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from catalog import chunks, datasets, decisions
from catalog.db import Database
from catalog.disclosure import disclose
from catalog.errors import BudgetExhaustedError
from catalog.policy.model import Scope, Subject
from catalog.vocabulary import Action, DatasetId, Purpose
from hub.evaluation.bench.echo import CountedWords
from hub.evaluation.crawl.corpus import LENGTH, Record
from hub.evaluation.crawl.watch import Watch


@dataclass(kw_only=True)
class Insider:
    """Makes decisions of their own for anybody, and charges them."""

    database: Database
    dataset_id: DatasetId
    people: Sequence[Subject]
    records: Sequence[Record]
    watch: Watch
    dice: Random
    together: set[tuple[str, int]] = field(default_factory=set)

    def run(self, tries: int) -> None:
        """Claim someone, ask for a record, so many times."""
        words = CountedWords()
        for _ in range(tries):
            subject, record = self.dice.choice(self.people), self.dice.choice(self.records)
            scope = self._decided(subject)
            with self.database.begin(replace(subject.asker, decision_id=scope.decision_id)) as session:
                (vector,) = words.embed([record.name])
                found = chunks.nearest(session, scope.decision_id, question=record.name, embedding=vector, limit=20)
            try:
                got = disclose(self.database, scope, [one.chunk_id for one in found]).passages
            except BudgetExhaustedError:
                continue
            came = self.watch.read([passage.body for passage in got])
            self.together |= {(str(subject.person_id), number) for number in came}

    @property
    def characters(self) -> int:
        """Of all that came, each once for each person it was read as."""
        return len(self.together) * LENGTH

    def _decided(self, subject: Subject) -> Scope:
        with self.database.begin(subject.asker) as session:
            made = decisions.record(
                session,
                decisions.NewDecision(
                    subject_id=subject.person_id,
                    action=Action.QUERY,
                    purpose=Purpose.EVALUATION,
                    site="nowhere",
                    zone=subject.zone,
                    policy_version="mine",
                    dataset_ids=[self.dataset_id],
                    rulings=[],
                    law_ids=[datasets.law_of(session, self.dataset_id)],
                ),
            )
        return Scope(
            decision_id=made, subject=subject, purpose=Purpose.EVALUATION, dataset_ids=(self.dataset_id,), titles={}
        )
