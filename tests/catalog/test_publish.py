"""Publishing: revision, chunks, counts and the version before, all in one transaction or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import pytest

from catalog import chunks, documents
from catalog.chunks import NewChunk, NewRevision
from catalog.db import Worker
from catalog.errors import BudgetExhaustedError, DataHubError, InvalidTransitionError, NotFoundError
from catalog.vocabulary import Sha256, VersionId
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import MODEL, OPERATOR, Nation, embedding

TEXT = "The river rises in spring. The harbour sleeps in winter."
#: Everything publishing writes, and what stands there before anything was published.
WRITTEN = """
    SELECT (SELECT count(*) FROM hub.text_revisions), (SELECT count(*) FROM hub.chunks),
           (SELECT coalesce(sum(chunks), 0) FROM hub.lexeme_counts),
           (SELECT coalesce(sum(chunks), 0) FROM hub.index_sizes),
           (SELECT sum(characters) FROM hub.lineages),
           (SELECT count(*) FROM hub.document_versions WHERE state <> 'quarantined'),
           (SELECT count(*) FROM hub.audit_events WHERE type = 'document.published')
"""


def piece(ordinal: int, start: int, end: int, **other: Any) -> NewChunk:
    return NewChunk(
        **{
            "ordinal": ordinal,
            "start": start,
            "end": end,
            "first_page": 1,
            "last_page": 1,
            "heading": "Seasons",
            "body": TEXT[start:end],
            "embedding": embedding(TEXT[start:end]),
            **other,
        }
    )


READ = NewRevision(text=TEXT, parser="plain 1", language="english", pages=1)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What one publication brings."""

    revision: NewRevision = READ
    pieces: tuple[NewChunk, ...] = (piece(0, 0, 26), piece(1, 27, 56))


def submit(nation: Nation, words: str = TEXT, name: str = "a.txt") -> VersionId:
    with nation.operator.begin(OPERATOR) as session:
        return documents.submit(
            session,
            dataset_id=nation.datasets["rivers"],
            submission_id=documents.open_submission(session, nation.datasets["rivers"]),
            name=name,
            sha256=Sha256(sha256(words.encode()).hexdigest()),
            size_bytes=len(words),
        ).version_id


def publish(nation: Nation, version: VersionId, paper: Paper | None = None, *, dataset: str = "rivers") -> None:
    paper = paper or Paper()
    with nation.worker.begin(Worker(name="w1", dataset_id=nation.datasets[dataset])) as session:
        chunks.publish(
            session, version, media_type="text/plain", revision=paper.revision, pieces=paper.pieces, model=MODEL
        )


@pytest.fixture
def rivers(nation: Nation) -> Nation:
    nation.dataset("rivers")
    return nation


def states(nation: Nation) -> list[tuple[int, str]]:
    return rows(nation.database, "SELECT ordinal, state FROM hub.document_versions ORDER BY ordinal")  # type: ignore[return-value]


def test_a_revision_and_its_chunks_are_kept_as_they_were_read(rivers: Nation) -> None:
    version = submit(rivers)
    publish(rivers, version)
    revision = rows(
        rivers.database, "SELECT version_id, parser, language, pages, characters, body FROM hub.text_revisions"
    )
    assert revision == [(version, "plain 1", "english", 1, len(TEXT), TEXT)]
    query = (
        "SELECT ordinal, span_start, span_end, first_page, last_page, heading, body, live FROM hub.chunks ORDER BY 1"
    )
    assert rows(rivers.database, query) == [
        (0, 0, 26, 1, 1, "Seasons", TEXT[:26], True),
        (1, 27, 56, 1, 1, "Seasons", TEXT[27:], True),
    ]
    assert value(rivers.database, "SELECT media_type FROM hub.document_versions") == "text/plain"


def test_a_publication_is_in_the_trail_with_figures_and_without_text(rivers: Nation) -> None:
    version = submit(rivers)
    publish(rivers, version)
    revision = value(rivers.database, "SELECT id FROM hub.text_revisions")
    detail = {"revision": str(revision), "chunks": 2, "characters": len(TEXT), "parser": "plain 1"}
    assert events(rivers.database, "document.published") == [("worker:w1", f"version:{version}", detail)]


@pytest.mark.parametrize(
    ("language", "words", "lexemes"),
    [
        ("english", "The rivers were rising", {"river", "rise", "season"}),
        ("german", "Die Flüsse stiegen im Frühling", {"fluss", "stieg", "fruhling", "season"}),
        ("french", "Les rivières montaient", {"rivi", "mont", "season"}),
        ("simple", "The rivers were rising", {"the", "rivers", "were", "rising", "seasons"}),
    ],
)
def test_words_are_indexed_in_the_language_of_the_document_headings_too(
    rivers: Nation, language: str, words: str, lexemes: set[str]
) -> None:
    whole = piece(0, 0, len(words), body=words)
    revision = NewRevision(text=words, parser="p", language=language, pages=1)
    publish(rivers, submit(rivers), Paper(revision=revision, pieces=(whole,)))
    found = value(rivers.database, "SELECT tsvector_to_array(lexemes) FROM hub.chunks")
    stems = {lexeme.rstrip("er") for lexeme in found}
    assert {word.rstrip("er") for word in lexemes} <= stems


def test_a_new_version_takes_the_place_of_the_one_before(rivers: Nation) -> None:
    publish(rivers, submit(rivers))
    second = submit(rivers, "other bytes")
    shorter = Paper(revision=replace(READ, text=TEXT[:26]), pieces=(piece(0, 0, 26),))
    publish(rivers, second, shorter)
    assert states(rivers) == [(1, "superseded"), (2, "published")]
    assert rows(rivers.database, "SELECT version_id, count(*) FROM hub.chunks WHERE live GROUP BY 1") == [(second, 1)]
    assert value(rivers.database, "SELECT characters FROM hub.lineages") == 26
    assert value(rivers.database, "SELECT chunks FROM hub.index_sizes") == 1


def test_until_a_new_version_is_published_the_old_one_is_found(rivers: Nation) -> None:
    rivers.person("ada")
    rivers.grant("ada", "rivers")
    publish(rivers, submit(rivers))
    submit(rivers, "other bytes")
    assert len(rivers.search(rivers.scope("ada"), "river harbour")) == 2


def test_an_older_version_that_comes_late_does_not_replace_a_newer_one(rivers: Nation) -> None:
    first, second = submit(rivers, "old"), submit(rivers, "new")
    publish(rivers, second)
    publish(rivers, first)
    assert states(rivers) == [(1, "superseded"), (2, "published")]
    assert rows(rivers.database, "SELECT DISTINCT version_id FROM hub.chunks WHERE live") == [(second,)]
    assert rows(rivers.database, "SELECT characters, peak_characters FROM hub.lineages") == [(len(TEXT), len(TEXT))]
    assert value(rivers.database, "SELECT chunks FROM hub.index_sizes") == 2


def test_documents_beside_it_are_left_alone(rivers: Nation) -> None:
    for name in ("a.txt", "b.txt"):
        publish(rivers, submit(rivers, name=name))
    publish(rivers, submit(rivers, "new", name="a.txt"))
    assert value(rivers.database, "SELECT count(*) FROM hub.chunks WHERE live") == 4
    assert value(rivers.database, "SELECT characters FROM hub.lineages") == 2 * len(TEXT)


def test_a_version_is_published_once(rivers: Nation) -> None:
    version = submit(rivers)
    publish(rivers, version)
    before = rows(rivers.database, WRITTEN)
    with pytest.raises(InvalidTransitionError):
        publish(rivers, version)
    assert rows(rivers.database, WRITTEN) == before


def test_two_workers_on_one_version_publish_it_once(rivers: Nation) -> None:
    version = submit(rivers)

    def attempt(_: int) -> bool:
        try:
            publish(rivers, version)
        except InvalidTransitionError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]
    assert value(rivers.database, "SELECT count(*) FROM hub.chunks") == 2


def test_many_workers_on_one_dataset_count_right(rivers: Nation) -> None:
    versions = [submit(rivers, f"{n}", name=f"{n % 5}.txt") for n in range(15)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda version: publish(rivers, version), versions))
    assert value(rivers.database, "SELECT count(*) FROM hub.chunks WHERE live") == 10
    assert value(rivers.database, "SELECT characters FROM hub.lineages") == 5 * len(TEXT)
    assert rows(rivers.database, "SELECT lexeme, chunks FROM hub.lexeme_counts WHERE lexeme = 'river'") == [
        ("river", 5)
    ]
    newest = "SELECT count(*) FROM hub.document_versions WHERE state = 'published' AND ordinal = 3"
    assert value(rivers.database, newest) == 5


BROKEN: dict[str, Paper] = {
    "a body longer than its span": Paper(pieces=(piece(0, 0, 26), piece(1, 27, 56, body=TEXT))),
    "a body shorter than its span": Paper(pieces=(piece(0, 0, 26, body="T"),)),
    "an empty span": Paper(pieces=(piece(0, 5, 5),)),
    "a span that runs backwards": Paper(pieces=(piece(0, 9, 5, body=""),)),
    "a span before the text": Paper(pieces=(piece(0, -4, 0, body="abcd"),)),
    "two chunks in one place": Paper(pieces=(piece(0, 0, 26), piece(0, 27, 56))),
    "too few dimensions": Paper(pieces=(piece(0, 0, 26, embedding=[1.0, 0.0]),)),
    "no numbers": Paper(pieces=(piece(0, 0, 26, embedding=[float("nan")] * 384),)),
    "a language nobody speaks": Paper(revision=replace(READ, language="klingon")),
    "a zero character": Paper(revision=replace(READ, text="a\x00b"), pieces=(piece(0, 0, 3, body="a\x00b"),)),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_publication_that_fails_leaves_nothing(rivers: Nation, fault: str) -> None:
    publish(rivers, submit(rivers))
    second, before = submit(rivers, "new"), rows(rivers.database, WRITTEN)
    with pytest.raises(DataHubError) as caught:
        publish(rivers, second, BROKEN[fault])
    assert not isinstance(caught.value, BudgetExhaustedError), "a worker has no reading budget"
    assert "river" not in str(caught.value)
    assert rows(rivers.database, WRITTEN) == before
    assert states(rivers) == [(1, "published"), (2, "quarantined")]
    publish(rivers, second)
    assert states(rivers) == [(1, "superseded"), (2, "published")]


@pytest.mark.parametrize(
    "table", ["lexeme_counts", "index_sizes", "lineages", "audit_events", "text_revisions", "chunks"]
)
def test_a_publication_is_undone_whole_wherever_it_fails(rivers: Nation, table: str) -> None:
    publish(rivers, submit(rivers))
    second, before = submit(rivers, "new"), rows(rivers.database, WRITTEN)
    run(
        rivers.database,
        f"""CREATE FUNCTION hub.no_room() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER broken BEFORE INSERT OR UPDATE ON hub.{table} FOR EACH ROW EXECUTE FUNCTION hub.no_room()""",  # type: ignore[arg-type]
    )
    with pytest.raises(DataHubError, match="run out of room"):
        publish(rivers, second)
    assert rows(rivers.database, WRITTEN) == before


def test_a_worker_publishes_in_its_own_dataset_alone(rivers: Nation) -> None:
    rivers.dataset("harbours")
    version = submit(rivers)
    with pytest.raises(NotFoundError):
        publish(rivers, version, dataset="harbours")
    assert states(rivers) == [(1, "quarantined")]


def test_a_publication_without_a_chunk_counts_its_characters_and_adds_nothing_to_find(rivers: Nation) -> None:
    publish(rivers, submit(rivers), Paper(pieces=()))
    assert rows(rivers.database, "SELECT * FROM hub.index_sizes") == []
    assert value(rivers.database, "SELECT characters FROM hub.lineages") == len(TEXT)
