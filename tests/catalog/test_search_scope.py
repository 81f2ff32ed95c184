"""Search stays inside a live decision: no row outside it, and what lies outside moves nothing inside."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import chunks, datasets, grants
from catalog.chunks import Candidate, SearchMode
from catalog.db import Asker
from catalog.errors import AccessDeniedError, DataHubError
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, DecisionId, DocumentId
from tests.catalog.ledger import SHARED_DATABASE, rows, run
from tests.catalog.shelf import reader
from tests.fixtures.nation import OPERATOR, Nation, embedding

MINE = [f"Paragraph {n} on rivers and harbours" for n in range(12)]
#: What somebody else may add: like mine, rarer words of mine, longer, in other languages, nearer to the question.
FOREIGN: dict[str, tuple[list[str], str]] = {
    "the same": (MINE, "simple"),
    "nearer": (["rivers and harbours"] * 30, "simple"),
    "the rare word": (["Paragraph 7"] * 40, "simple"),
    "long": (["rivers " * 200] * 5, "simple"),
    "another language": (["Die Flüsse und Häfen rivers"] * 10, "german"),
}
QUESTIONS = ["rivers and harbours", "Paragraph 7", "Flüsse", "mountains"]


@pytest.fixture
def library(nation: Nation) -> Nation:
    nation.dataset("mine")
    nation.dataset("foreign")
    nation.document("mine", "a.txt", MINE, "simple")
    nation.person("ada")
    nation.grant("ada", "mine")
    return nation


def all_answers(nation: Nation, scope: Scope) -> list[list[Candidate]]:
    return [
        nation.search(scope, question, mode=mode, limit=limit)
        for question in QUESTIONS
        for mode in SearchMode
        for limit in (3, 50)
    ]


def datasets_of(nation: Nation, found: list[Candidate]) -> set[str]:
    query = "SELECT DISTINCT d.slug FROM hub.chunks c JOIN hub.datasets d ON d.id = c.dataset_id WHERE c.id = ANY (%s)"
    return {slug for (slug,) in rows(nation.database, query, [c.chunk_id for c in found])}


@pytest.mark.parametrize("what", FOREIGN)
def test_adding_rows_i_may_not_see_changes_nothing_i_see(library: Nation, what: str) -> None:
    before = all_answers(library, library.scope("ada"))
    bodies, language = FOREIGN[what]
    library.document("foreign", "b.txt", bodies, language)
    assert all_answers(library, library.scope("ada")) == before
    run(library.database, "DELETE FROM hub.lexeme_counts WHERE dataset_id = %s", library.datasets["foreign"])
    assert all_answers(library, library.scope("ada")) == before


def test_the_same_rows_would_change_it_if_i_might_see_them(library: Nation) -> None:
    before = all_answers(library, library.scope("ada"))
    for what, (bodies, language) in FOREIGN.items():
        library.document("foreign", what, bodies, language)
    library.grant("ada", "foreign")
    after = all_answers(library, library.scope("ada"))
    assert [old for old, new in zip(before, after, strict=True) if old == new and old] == []


@pytest.mark.parametrize("mode", SearchMode)
def test_a_search_over_two_datasets_finds_both_and_no_third(library: Nation, mode: SearchMode) -> None:
    library.dataset("hidden")
    for slug in ("foreign", "hidden"):
        library.document(slug, "b.txt", MINE, "simple")
    library.grant("ada", "foreign")
    found = library.search(library.scope("ada"), "rivers and harbours", mode=mode, limit=200)
    assert len(found) == 2 * len(MINE)
    assert datasets_of(library, found) == {"mine", "foreign"}


SPOILS: dict[str, Callable[[Nation, Scope], None]] = {
    "the decision is 30 s old": lambda n, _: n.step_clock(timedelta(seconds=30)),
    "the decision is a day old": lambda n, _: n.step_clock(timedelta(days=1)),
    "the grant is over": lambda n, _: _over(n),
    "the grant is revoked": lambda n, _: _revoked(n),
    "the dataset is withdrawn": lambda n, _: _withdrawn(n),
}


def _over(nation: Nation) -> None:
    run(nation.database, "UPDATE hub.grants SET ends_at = now()")


def _revoked(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, grants.every(session)[0]["id"], reason="test")  # type: ignore[arg-type]


def _withdrawn(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, nation.datasets["mine"], reason="test")


@pytest.mark.parametrize("what", SPOILS)
def test_a_search_finds_nothing_from_the_moment(library: Nation, what: str) -> None:
    scope = library.scope("ada")
    assert len(library.search(scope, "rivers")) > 0
    SPOILS[what](library, scope)
    try:
        assert library.search(scope, "rivers") == []
    except AccessDeniedError:
        assert "old" in what


def test_a_decision_of_29_seconds_still_opens(library: Nation) -> None:
    scope = library.scope("ada")
    library.step_clock(timedelta(seconds=28))
    assert len(library.search(scope, "rivers")) > 0


@pytest.mark.parametrize("whose", ["another person's", "nobody's"])
def test_a_decision_that_is_not_mine_is_refused_in_words_that_tell_nothing(library: Nation, whose: str) -> None:
    eve = library.person("eve")
    library.grant("eve", "mine")
    decision = library.scope("ada").decision_id if whose == "another person's" else DecisionId(uuid4())
    with (
        pytest.raises(AccessDeniedError, match="You may not do this"),
        library.api.begin(Asker(person_id=eve, decision_id=decision, zone="zone")) as session,
    ):
        chunks.nearest(session, decision, question="rivers", embedding=embedding("rivers"), limit=5)


def of_document(nation: Nation, scope: Scope, document: DocumentId) -> list[ChunkId]:
    context = scope.asker
    with nation.api.begin(context) as session:
        return chunks.of_document(session, scope.decision_id, document)


def test_a_documents_chunks_come_in_reading_order(library: Nation) -> None:
    found = of_document(library, library.scope("ada"), library.document_of("a.txt"))
    query = "SELECT id FROM hub.chunks ORDER BY span_start"
    assert [(one,) for one in found] == rows(library.database, query)
    assert len(found) == len(MINE)


def test_a_replaced_documents_chunks_are_the_new_ones(library: Nation) -> None:
    before = of_document(library, library.scope("ada"), library.document_of("a.txt"))
    library.document("mine", "a.txt", ["Only this."])
    after = of_document(library, library.scope("ada"), library.document_of("a.txt"))
    assert (len(after), set(after) & set(before)) == (1, set())


def test_a_foreign_document_and_none_at_all_look_alike(library: Nation) -> None:
    library.document("foreign", "b.txt", MINE)
    scope = library.scope("ada")
    assert of_document(library, scope, library.document_of("b.txt")) == []
    assert of_document(library, scope, DocumentId(uuid4())) == []


@pytest.mark.parametrize("what", SPOILS)
def test_a_documents_chunks_are_gone_from_the_same_moments(library: Nation, what: str) -> None:
    scope, document = library.scope("ada"), library.document_of("a.txt")
    assert len(of_document(library, scope, document)) == len(MINE)
    SPOILS[what](library, scope)
    try:
        assert of_document(library, scope, document) == []
    except AccessDeniedError:
        assert "old" in what


def test_without_a_person_there_is_no_search(library: Nation) -> None:
    scope = library.scope("ada")
    with pytest.raises(DataHubError), library.api.begin(OPERATOR) as session:
        chunks.nearest(session, scope.decision_id, question="rivers", embedding=embedding("rivers"), limit=5)


@given(
    layout=st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=5),
    mode=st.sampled_from(SearchMode),
    limit=st.integers(1, 40),
)
@settings(SHARED_DATABASE, max_examples=15)
def test_whatever_lies_in_how_many_datasets_only_granted_rows_are_found_and_all_of_them(
    nation: Nation, layout: list[tuple[bool, int]], mode: SearchMode, limit: int
) -> None:
    slugs = [f"d-{uuid4()}" for _ in layout]
    for slug, (_, size) in zip(slugs, layout, strict=True):
        nation.dataset(slug, listed=False)
        if size:
            nation.document(slug, "a.txt", [f"river {number}" for number in range(size)], "simple")
    granted = [slug for slug, (open_, _) in zip(slugs, layout, strict=True) if open_]
    found = nation.search(nation.scope(reader(nation, granted)), "river", mode=mode, limit=limit)
    assert datasets_of(nation, found) <= set(granted)
    assert len(found) == min(limit, sum(size for open_, size in layout if open_))
