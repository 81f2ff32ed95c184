"""From a question to disclosed passages, on the real search and the real gate."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from catalog.chunks import SearchMode
from catalog.embedding import EmbeddingClient
from catalog.errors import DataHubError, EmbeddingMismatchError
from catalog.vocabulary import Purpose, RefusalKind
from hub.answers import Refusal
from hub.ask import ask
from hub.retrieve import ScopedRetriever, candidates, nodes, retrieve
from hub.search import search
from hub.services import Services
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.fakes import model_server
from tests.hub.passages_made import passage

WASTE = "What is the fine for throwing waste?"


def disclosures(nation: Nation) -> int:
    with nation.operator.begin(OPERATOR) as session:
        return int(session.execute(text("SELECT count(*) FROM hub.disclosures")).scalar_one())


def with_settings(services: Services, **changes: object) -> Services:
    return replace(services, settings=services.settings.model_copy(update=changes))


def test_what_fits_is_found_and_disclosed_best_first(harbour: Nation, services: Services) -> None:
    found = retrieve(WASTE, harbour.scope("ada"), services, limit=5)
    assert "350 euros" in found.passages[0].body
    assert found.left_out == 0
    assert disclosures(harbour) == 1


def test_what_does_not_fit_is_neither_disclosed_nor_charged(harbour: Nation, services: Services) -> None:
    found = retrieve("Zanzibar quixotic xylophone", harbour.scope("ada"), services, limit=5)
    assert (found.passages, found.left_out, found.refills_at) == ((), 0, None)
    assert disclosures(harbour) == 0


def test_likeness_counts_only_from_the_threshold_on(harbour: Nation, services: Services) -> None:
    scope, words = harbour.scope("ada"), "Zanzibar quixotic"
    everything = retrieve(words, scope, with_settings(services, min_similarity=-1.0), limit=5)
    assert len(everything.passages) == 3
    assert retrieve(words, scope, with_settings(services, min_similarity=1.0), limit=5).passages == ()


def test_a_shared_word_counts_whatever_the_likeness(harbour: Nation, services: Services) -> None:
    found = retrieve("jetty", harbour.scope("ada"), with_settings(services, min_similarity=1.0), limit=5)
    assert [one.document_name for one in found.passages] == ["history.md"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_than_asked_for(harbour: Nation, services: Services, limit: int) -> None:
    open_ended = with_settings(services, min_similarity=-1.0)
    assert len(retrieve(WASTE, harbour.scope("ada"), open_ended, limit=limit).passages) == limit


@pytest.mark.parametrize("mode", SearchMode)
def test_candidates_are_ids_and_figures_in_every_mode(harbour: Nation, services: Services, mode: SearchMode) -> None:
    found = candidates(WASTE, harbour.scope("ada"), services, limit=5, mode=mode)
    assert found
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert not any(isinstance(value, str) for one in found for value in vars(one).values())


def test_nothing_outside_the_scope_is_a_candidate(harbour: Nation, services: Services) -> None:
    harbour.dataset("clinic")
    harbour.document("clinic", "c.md", ["Throwing waste of the clinic is punished with a fine."])
    found = candidates(WASTE, harbour.scope("ada"), with_settings(services, min_similarity=-1.0), limit=50)
    assert harbour.document_of("c.md") not in {one.document_id for one in found}
    assert candidates(WASTE, harbour.scope("mia"), services, limit=50) == []


def test_searching_alone_charges_nothing(harbour: Nation, services: Services) -> None:
    candidates(WASTE, harbour.scope("ada"), services, limit=5)
    assert disclosures(harbour) == 0


def test_it_does_not_join_a_transaction_that_is_open(harbour: Nation, services: Services) -> None:
    scope = harbour.scope("ada")
    with pytest.raises(DataHubError, match="its own transaction"), harbour.operator.begin(OPERATOR):
        retrieve(WASTE, scope, services, limit=1)


def test_the_retriever_of_llama_index_sees_the_same_passages(harbour: Nation, services: Services) -> None:
    scope = harbour.scope("ada")
    direct = retrieve(WASTE, scope, services, limit=services.settings.passages_per_answer)
    found = ScopedRetriever(scope, services).retrieve(WASTE)
    assert [one.node.node_id for one in found] == [str(one.chunk_id) for one in direct.passages]
    assert found[0].node.get_content() == direct.passages[0].body


def test_each_retriever_is_bound_to_its_own_person(harbour: Nation, services: Services) -> None:
    ada, mia = (ScopedRetriever(harbour.scope(person), services) for person in ("ada", "mia"))
    assert ada.retrieve(WASTE)
    assert mia.retrieve(WASTE) == []


def test_nodes_keep_order_source_and_a_score_by_rank() -> None:
    found = nodes([passage("One.", heading="Top"), passage("Two.", number=2)])
    assert [one.score for one in found] == [1.0, 0.5]
    assert found[0].node.metadata == {"document": "rules.md", "heading": "Top"}
    assert nodes([]) == []


def test_a_question_embedded_by_another_model_than_the_index_finds_nothing_and_says_why(
    harbour: Nation, services: Services, tmp_path: Path
) -> None:
    with model_server.run(tmp_path / "other.sock", embedder="other-embedder") as socket:
        other = replace(services, embedder=EmbeddingClient(socket))
        with pytest.raises(EmbeddingMismatchError, match="but other-embedder"):
            retrieve(WASTE, harbour.scope("ada"), other, limit=5)
        for outcome in (
            ask(WASTE, harbour.subject("ada"), Purpose.RESEARCH, other),
            search(WASTE, harbour.subject("ada"), Purpose.RESEARCH, other, 5),
        ):
            assert isinstance(outcome, Refusal)
            assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
            assert outcome.message.startswith("The index was built with hashing-embedder (")
        other.embedder.close()
    assert disclosures(harbour) == 0
