"""Above ten thousand visible chunks: the graph index keeps its recall, and never gives fewer rows than there are."""

import io
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from catalog.chunks import Candidate, SearchMode
from tests.catalog.ledger import rows, run, value
from tests.fixtures.nation import Nation

VISIBLE, HIDDEN, DIMENSIONS, K = 10_400, 1_600, 384, 10
COLUMNS = """dataset_id, document_id, version_id, revision_id, ordinal, span_start, span_end, heading, body, language,
             lexemes, lexeme_count, embedding"""
Matrix = NDArray[np.float32]


def unit(matrix: Matrix) -> Matrix:
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


@dataclass(kw_only=True)
class Large:
    """Two datasets; the hidden one lies nearest to every question."""

    nation: Nation
    person: str
    vectors: Matrix
    questions: Matrix

    def ask(
        self, question: Matrix, limit: int = K, mode: SearchMode = SearchMode.DENSE, words: str = "x"
    ) -> list[Candidate]:
        embedding = [float(number) for number in question]
        return self.nation.search(self.nation.scope(self.person), words, mode=mode, limit=limit, embedding=embedding)

    def nearest(self, question: Matrix, k: int = K) -> set[int]:
        return {int(place) for place in np.argsort(-(self.vectors @ question))[:k]}

    def ordinals(self, found: list[Candidate]) -> list[int]:
        query = """SELECT c.ordinal FROM unnest(%s::uuid[]) WITH ORDINALITY AS asked (id, place)
                     JOIN hub.chunks c ON c.id = asked.id JOIN hub.datasets d ON d.id = c.dataset_id
                    WHERE d.slug = 'visible' ORDER BY asked.place"""
        return [number for (number,) in rows(self.nation.database, query, [c.chunk_id for c in found])]


def fill(nation: Nation, slug: str, vectors: Matrix) -> None:
    """Publish one chunk in earnest, then copy rows beside it: only their vectors and a word differ."""
    nation.document(slug, f"{slug}.txt", ["x"], "simple")
    run(nation.database, "DELETE FROM hub.chunks WHERE dataset_id = %s", nation.datasets[slug])
    query = """SELECT d.dataset_id, d.id, v.id, r.id
                 FROM hub.documents d JOIN hub.document_versions v ON v.document_id = d.id
                 JOIN hub.text_revisions r ON r.version_id = v.id WHERE d.dataset_id = %s"""
    ((dataset, document, version, revision),) = rows(nation.database, query, nation.datasets[slug])
    lines = io.StringIO()
    for number, vector in enumerate(vectors):
        rare = "'rare':2" if number < 5 else ""
        lines.write(
            f"{dataset}\t{document}\t{version}\t{revision}\t{number}\t0\t1\t\tx\tsimple\t'x':1 {rare}\t{1 + bool(rare)}"
            f"\t[{','.join(f'{x:.4f}' for x in vector)}]\n"
        )
    with nation.database.connect() as connection:
        connection.execute("SET search_path = hub, extensions")
        with connection.cursor().copy(f"COPY hub.chunks ({COLUMNS}) FROM STDIN") as copy:  # type: ignore[arg-type]
            copy.write(lines.getvalue())
        connection.execute(
            "UPDATE hub.index_sizes SET chunks = %s, lexemes = %s WHERE dataset_id = %s",
            [len(vectors), len(vectors) + 5, dataset],
        )
        connection.execute("DELETE FROM hub.lexeme_counts WHERE dataset_id = %s", [dataset])
        connection.execute(
            "INSERT INTO hub.lexeme_counts VALUES (%s, 'simple', 'x', %s), (%s, 'simple', 'rare', 5)",
            [dataset, len(vectors), dataset],
        )


@pytest.fixture
def large(nation: Nation) -> Large:
    chance = np.random.default_rng(5)
    topics = chance.normal(size=(120, DIMENSIONS))
    visible = unit(topics[chance.integers(0, 120, VISIBLE)] + 0.6 * chance.normal(size=(VISIBLE, DIMENSIONS)))
    questions = unit(topics[:15] + 0.4 * chance.normal(size=(15, DIMENSIONS)))
    hidden = unit(questions[chance.integers(0, 15, HIDDEN)] + 0.02 * chance.normal(size=(HIDDEN, DIMENSIONS)))
    index = value(nation.database, "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_chunks_embedding'")
    run(nation.database, "DROP INDEX hub.ix_chunks_embedding")
    for slug, vectors in (("visible", visible), ("hidden", hidden)):
        nation.dataset(slug)
        fill(nation, slug, vectors)
    run(nation.database, f"SET maintenance_work_mem = '256MB'; SET search_path = hub, extensions; {index}")
    with nation.database.connect(autocommit=True) as connection:
        connection.execute("ANALYZE hub.chunks")
    nation.person("ada")
    nation.grant("ada", "visible")
    return Large(nation=nation, person="ada", vectors=visible, questions=questions)


def recall(large: Large) -> float:
    hits = [len(large.nearest(q) & set(large.ordinals(large.ask(q)))) for q in large.questions]
    return sum(hits) / (K * len(large.questions))


def test_above_ten_thousand_chunks_search_is_near_exact_complete_and_blind_to_what_is_hidden(large: Large) -> None:
    question = large.questions[0]
    assert recall(large) >= 0.95
    for limit in (1, 100, 500):
        found = large.ask(question, limit)
        assert len(found) == len(set(large.ordinals(found))) == limit
        assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)

    # A word that every chunk holds does not hide one that few hold.
    lexical = large.ask(question, 50, SearchMode.LEXICAL, "x rare")
    assert sorted(large.ordinals(lexical)) == [0, 1, 2, 3, 4]
    hybrid = large.ask(question, 500, SearchMode.HYBRID, "rare")
    assert set(range(5)) <= set(large.ordinals(hybrid))
    assert len(hybrid) == 500
    assert all(0 <= c.score <= 1 for c in hybrid)

    # The scan of the graph gives up after so many rows, all of them hidden here: exact search takes over.
    run(large.nation.database, "ALTER ROLE hub_api SET hnsw.max_scan_tuples = 1")
    try:
        large.nation.api.close()
        for q in large.questions[:4]:
            assert set(large.ordinals(large.ask(q))) == large.nearest(q)
        assert len(large.ask(question, 500)) == 500
    finally:
        run(large.nation.database, "ALTER ROLE hub_api RESET hnsw.max_scan_tuples")

    large.nation.person("eve")
    large.person = "eve"
    for mode in SearchMode:
        assert large.ask(question, mode=mode) == []


def test_documents_that_are_closed_are_never_found_in_a_large_index_and_cost_no_recall(large: Large) -> None:
    """They lie nearest to every question, in a dataset she may read."""
    large.nation.grant("ada", "hidden")
    large.nation.tag("hidden.txt", access_from=["FR"])
    assert recall(large) >= 0.95
    for mode in SearchMode:
        found = large.ask(large.questions[0], 100, mode, "x rare")
        assert len(large.ordinals(found)) == len(found) == (5 if mode is SearchMode.LEXICAL else 100)
    large.nation.tag("hidden.txt")
    assert recall(large) < 0.95
