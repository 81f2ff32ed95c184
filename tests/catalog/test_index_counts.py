"""The counts search relies on equal a recount after any sequence of publications, replacements and failures."""

from hashlib import sha256
from typing import Any, LiteralString
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog import chunks, documents
from catalog.chunks import NewChunk, NewRevision
from catalog.db import Worker
from catalog.errors import DataHubError
from catalog.vocabulary import RefusalReason, Sha256, VersionId
from tests.catalog.ledger import SHARED_DATABASE
from tests.fixtures.nation import MODEL, OPERATOR, Nation, embedding

SIZES: dict[str, LiteralString] = {
    "kept": "SELECT language, chunks, lexemes FROM hub.index_sizes WHERE dataset_id = %s AND chunks > 0",
    "recounted": """SELECT language, count(*), sum(lexeme_count)::bigint FROM hub.chunks
                     WHERE dataset_id = %s AND live GROUP BY 1""",
}
LEXEMES: dict[str, LiteralString] = {
    "kept": "SELECT language, lexeme, chunks FROM hub.lexeme_counts WHERE dataset_id = %s AND chunks > 0",
    "recounted": """SELECT language, u.lexeme, count(*) FROM hub.chunks, unnest(lexemes) u
                     WHERE dataset_id = %s AND live GROUP BY 1, 2""",
}
LENGTHS = """SELECT count(*) FROM hub.chunks c WHERE dataset_id = %s AND lexeme_count <>
             (SELECT coalesce(sum(cardinality(u.positions)), 0) FROM unnest(c.lexemes) u)"""
CHARACTERS = """SELECT coalesce(sum(characters), 0)::bigint
                  FROM hub.text_revisions r JOIN hub.document_versions v ON v.id = r.version_id
                 WHERE r.dataset_id = %s AND v.state = 'published'"""
LINEAGE = "SELECT characters FROM hub.lineages l JOIN hub.datasets d ON d.lineage_id = l.id WHERE d.id = %s"

words = st.sampled_from("river rivers harbour Fluss Flüsse Hafen the and und 42 naïve o'neil c:\\temp 水 — …".split())
bodies = st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), min_size=0, max_size=4)
languages = st.sampled_from(["english", "german", "simple"])
names = st.sampled_from(["a.txt", "b.txt", "c.txt"])


def pieces_of(parts: list[str]) -> tuple[str, list[NewChunk]]:
    whole, made = "", []
    for ordinal, body in enumerate(parts):
        start = len(whole)
        whole += body + "\n"
        made.append(
            NewChunk(
                ordinal=ordinal,
                start=start,
                end=start + len(body),
                first_page=None,
                last_page=None,
                heading="",
                body=body,
                embedding=embedding(body),
            )
        )
    return whole, made


class Counts(RuleBasedStateMachine):
    """Documents come in, are published in any order, replaced, refused; some publications fail half-way."""

    nation: Nation

    @initialize()
    def register(self) -> None:
        self.slug = f"d-{uuid4()}"
        self.dataset = self.nation.dataset(self.slug)
        self.waiting: list[VersionId] = []
        self.submitted: dict[VersionId, tuple[str, int]] = {}
        self.published: set[VersionId] = set()
        self.reading = self.nation.database.connect(autocommit=True)

    def teardown(self) -> None:
        self.reading.close()

    def found(self, query: LiteralString) -> list[tuple[Any, ...]]:
        return sorted(self.reading.execute(query, [self.dataset]).fetchall())

    @rule(name=names)
    def submit(self, name: str) -> None:
        with self.nation.operator.begin(OPERATOR) as session:
            version = documents.submit(
                session,
                dataset_id=self.dataset,
                submission_id=documents.open_submission(session, self.dataset),
                name=name,
                sha256=Sha256(sha256(str(uuid4()).encode()).hexdigest()),
                size_bytes=1,
            ).version_id
        self.waiting.append(version)
        self.submitted[version] = (name, len(self.submitted))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), parts=bodies, language=languages)
    def publish(self, data: st.DataObject, parts: list[str], language: str) -> None:
        version = data.draw(st.sampled_from(self.waiting))
        self._publish(version, parts, language)
        self.waiting.remove(version)
        self.published.add(version)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), parts=bodies.filter(bool), language=languages)
    def fail_to_publish(self, data: st.DataObject, parts: list[str], language: str) -> None:
        version = data.draw(st.sampled_from(self.waiting))
        try:
            self._publish(version, parts, language, broken=True)
        except DataHubError:
            return
        raise AssertionError("a broken publication went through")

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(self.waiting))
        with self.nation.worker.begin(Worker(name="w", dataset_id=self.dataset)) as session:
            documents.refuse(session, version, RefusalReason.EMPTY)
        self.waiting.remove(version)

    def _publish(self, version: VersionId, parts: list[str], language: str, *, broken: bool = False) -> None:
        whole, pieces = pieces_of(parts)
        with self.nation.worker.begin(Worker(name="w", dataset_id=self.dataset)) as session:
            chunks.publish(
                session,
                version,
                media_type="text/plain",
                revision=NewRevision(text=whole, parser="p", language=language, pages=1),
                pieces=[*pieces, pieces[0]] if broken else pieces,
                model=MODEL,
            )

    @invariant()
    def the_counts_equal_a_recount(self) -> None:
        for counted in (SIZES, LEXEMES):
            assert self.found(counted["kept"]) == self.found(counted["recounted"])
        assert self.found(LENGTHS) == [(0,)]

    @invariant()
    def the_size_of_the_lineage_is_the_sum_of_its_published_texts(self) -> None:
        assert self.found(LINEAGE) == self.found(CHARACTERS)

    @invariant()
    def of_each_document_the_newest_published_version_is_live_and_no_other(self) -> None:
        newest: dict[str, VersionId] = {}
        for version in sorted(self.published, key=lambda one: self.submitted[one][1]):
            newest[self.submitted[version][0]] = version
        published = self.found("SELECT id FROM hub.document_versions WHERE dataset_id = %s AND state = 'published'")
        assert {version for (version,) in published} == set(newest.values())
        live = self.found("SELECT DISTINCT version_id FROM hub.chunks WHERE dataset_id = %s AND live")
        assert {version for (version,) in live} <= set(newest.values())


def test_after_any_sequence_of_publications_the_counts_equal_a_recount(nation: Nation) -> None:
    Counts.nation = nation
    run_state_machine_as_test(Counts, settings=settings(SHARED_DATABASE, max_examples=12, stateful_step_count=14))  # type: ignore[no-untyped-call]
