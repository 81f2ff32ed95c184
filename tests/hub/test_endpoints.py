"""Two endpoints, in France and in Austria, for a site in Germany: which model is given what, and what never.

What each endpoint was given is asserted on the fake model servers themselves.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest

from catalog import models, places
from catalog.ancestry import ServedModel
from catalog.errors import UnsealedError
from catalog.vocabulary import EventType, ModelKind, PlaceKind, Purpose, RefusalKind
from hub import endpoints, retrieve
from hub.answers import REFUSALS, Answer, Refusal
from hub.ask import ask
from hub.search import Found, search
from hub.services import Services, open_services
from hub.settings import ApiSettings
from tests.catalog.ledger import rows
from tests.fixtures.ground import WHOLE
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.fakes import model_server
from tests.hub.fakes.model_server import Listening, Scripted
from tests.hub.passages_made import SCOPE, passage
from tests.hub.test_ask import ends, trail
from tests.spec.drawn import stand

FINE = "What is the fine for waste?"
#: Where each dataset may be processed (the site's own place is always among them), and so by which endpoint.
PROCESS_IN = {"france": ["DE", "FR"], "austria": ["DE", "AT"], "both": ["EU"], "neither": ["DE"]}
MAY_READ = {"france": {"endpoint"}, "austria": {"far"}, "both": {"endpoint", "far"}, "neither": set[str]()}


@dataclass(kw_only=True)
class Served:
    """One fake endpoint, and all it was given."""

    chat: Scripted = field(default_factory=Scripted)
    reader: Listening = field(default_factory=Listening)

    @property
    def prompts(self) -> str:
        return "\n".join(str(asked["messages"]) for asked in self.chat.asked)

    @property
    def silent(self) -> bool:
        return not self.chat.asked and not self.reader.heard


@dataclass(kw_only=True)
class TwoPlaces:
    """A site in DE; its first endpoint stands in FR, its second in AT."""

    nation: Nation
    services: Services
    near: Served
    far: Served

    def holds(self, person: str, *datasets: str) -> None:
        """A person with grants for these; each dataset has one document that bears an answer and names itself."""
        self.nation.person(person)
        for number, slug in enumerate(datasets):
            fresh = slug not in self.nation.datasets
            if fresh:
                self.nation.dataset(slug, process_in=PROCESS_IN[slug], budget=WHOLE)
                # The more often, the higher its rank: the order of the ranks is the order of the list.
                often = "Waste, and a fine. " * (4 - number)
                self.nation.document(
                    slug, f"{slug}.md", [f"The fine for waste is {number + 1}50 euros in {slug}. {often}"]
                )
                self.nation.document(slug, "much.md", [f"Ballast {slug}. " * 400])  # there is enough to be read
            self.nation.grant(person, slug, share=Decimal(1) if fresh else None)

    def ask(self, person: str, question: str = FINE) -> Answer | Refusal:
        return ask(question, self.nation.subject(person), Purpose.RESEARCH, self.services)

    def violations(self) -> list[tuple[Any, ...]]:
        query = """SELECT door, rule, place, d.slug FROM hub.violations v CROSS JOIN unnest(v.dataset_ids) AS of (one)
                     JOIN hub.datasets d ON d.id = of.one ORDER BY 1, 2, 3, 4"""
        return [tuple(map(str, row)) for row in rows(self.nation.database, query)]


@contextmanager
def opened(nation: Nation, sockets: Mapping[str, Path]) -> Iterator[Services]:
    """The hub's own services over these endpoints, the preferred one first."""
    (first, socket), *others = sockets.items()
    site = nation.site.model_dump() | {"endpoint_place": first, "more_endpoints": dict(others)}
    settings = ApiSettings(**site, database_socket_dir=nation.database.cluster.socket_dir, model_socket=socket)
    made = open_services(settings)
    made.database.close()
    try:
        yield replace(made, database=nation.api)
    finally:
        for models in (made.at(name) for name in sockets):
            models.embedder.close()
            models.writer.close()


@pytest.fixture
def two(nation: Nation) -> Iterator[TwoPlaces]:
    near, far = Served(), Served()
    with nation.operator.begin(OPERATOR) as session:
        places.register(
            session, name="far", kind=PlaceKind.ENDPOINT, jurisdiction="AT", operator="neighbour", legal_control=["AT"]
        )
    stand(nation, "endpoint", "FR")
    with (
        tempfile.TemporaryDirectory(prefix="hub-") as folder,
        model_server.run(Path(folder) / "near.sock", near.chat, reader=near.reader) as one,
        model_server.run(Path(folder) / "far.sock", far.chat, reader=far.reader) as other,
        opened(nation, {"endpoint": one, "far": other}) as services,
    ):
        yield TwoPlaces(nation=nation, services=services, near=near, far=far)


def answered(outcome: Answer | Refusal) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def test_where_the_first_endpoint_may_not_process_the_next_one_that_may_is_used(two: TwoPlaces) -> None:
    two.holds("ada", "austria")
    answer = answered(two.ask("ada"))
    assert (answer.endpoint, answer.apart) == ("far", 0)
    assert "150 euros in austria" in two.far.prompts
    assert two.far.reader.heard == [FINE]
    assert two.near.silent
    assert two.violations() == []


def test_where_both_may_process_the_preferred_one_does(two: TwoPlaces) -> None:
    two.holds("ada", "both")
    assert answered(two.ask("ada")).endpoint == "endpoint"
    assert two.far.silent


def test_passages_that_no_one_endpoint_may_process_are_left_out_from_the_lowest_rank_up(two: TwoPlaces) -> None:
    two.holds("ada", "austria", "both", "france")
    answer = answered(two.ask("ada"))
    assert [one.dataset_slug for one in answer.passages] == ["austria", "both"]
    assert (answer.endpoint, answer.apart) == ("far", 1)
    assert two.near.silent
    assert "in france" not in two.far.prompts
    assert two.violations() == [("model", "query.endpoint-outside-process-in", "far", "france")]
    (event,) = ends(two.nation)
    assert (event.detail["endpoint"], event.detail["apart"]) == ("far", 1)


def test_what_is_left_out_is_neither_disclosed_nor_charged(two: TwoPlaces) -> None:
    two.holds("ada", "austria", "france")
    answer = answered(two.ask("ada"))
    (event,) = trail(two.nation, EventType.PASSAGES_DISCLOSED)
    assert event.detail["chunks"] == [str(one.chunk_id) for one in answer.passages]
    spent = rows(
        two.nation.database,
        "SELECT d.slug FROM hub.person_budgets b JOIN hub.datasets d USING (lineage_id) WHERE b.lifetime_used > 0",
    )
    assert spent == [("austria",)]


def test_the_refusal_of_what_is_left_out_names_who_asked_and_the_decision(two: TwoPlaces) -> None:
    two.holds("ada", "austria", "france")
    answer = answered(two.ask("ada"))
    (row,) = rows(two.nation.database, "SELECT actor, decision_id, tag FROM hub.violations")
    assert row == (f"person:{two.nation.people['ada']}", answer.decision_id, "process_in")
    (event,) = trail(two.nation, EventType.RESIDENCY_REFUSED)
    assert event.decision_id == answer.decision_id


def test_a_question_asked_of_datasets_without_a_common_endpoint_is_embedded_nowhere(two: TwoPlaces) -> None:
    two.holds("ada", "austria", "france")
    answered(two.ask("ada"))
    assert two.near.reader.heard == two.far.reader.heard == []


def test_without_an_embedder_only_what_shares_a_word_is_found(two: TwoPlaces) -> None:
    two.holds("ada", "austria", "france")
    outcome = two.ask("ada", "Zanzibar quixotic xylophone?")
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.NOTHING_FOUND


def test_where_no_endpoint_may_process_the_question_is_refused_and_says_so(two: TwoPlaces) -> None:
    two.holds("ada", "neither")
    outcome = two.ask("ada")
    assert outcome == Refusal(kind=RefusalKind.NO_ENDPOINT, message=REFUSALS[RefusalKind.NO_ENDPOINT])
    assert two.near.silent
    assert two.far.silent
    assert two.violations() == [
        ("model", "query.endpoint-outside-process-in", "endpoint", "neither"),
        ("model", "query.endpoint-outside-process-in", "far", "neither"),
    ]
    found = search(FINE, two.nation.subject("ada"), Purpose.RESEARCH, two.services, 5)
    assert isinstance(found, Refusal)
    assert found.kind is RefusalKind.NO_ENDPOINT


def test_who_holds_no_grant_is_not_told_of_endpoints(two: TwoPlaces) -> None:
    two.holds("ada", "neither")
    two.nation.person("mia")
    outcome = two.ask("mia")
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.NOT_PERMITTED


def test_a_search_shows_what_no_one_model_may_read_together(two: TwoPlaces) -> None:
    two.holds("ada", "austria", "france")
    found = search(FINE, two.nation.subject("ada"), Purpose.RESEARCH, two.services, 5)
    assert isinstance(found, Found)
    assert {one.dataset_slug for one in found.passages} == {"austria", "france"}
    assert two.near.silent
    assert two.far.silent


def every_choice() -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(PROCESS_IN, size) for size in range(1, len(PROCESS_IN) + 1)))


def test_no_endpoint_is_ever_given_a_passage_it_may_not_process(two: TwoPlaces) -> None:
    """Every set of grants, each dataset the best match in turn."""
    two.holds("all", *PROCESS_IN)
    nowhere = []
    for number, held in enumerate(every_choice()):
        two.holds(f"person-{number}", *held)
        for best in held:
            outcome = two.ask(f"person-{number}", f"What is the fine for waste in {best}?")
            if isinstance(outcome, Refusal) and outcome.kind is RefusalKind.NO_ENDPOINT:
                nowhere.append(held)
    for name, served in (("endpoint", two.near), ("far", two.far)):
        assert served.chat.asked
        for slug, readers in MAY_READ.items():
            assert (name in readers) == (f"euros in {slug}" in served.prompts), (name, slug)
    assert nowhere == [("neither",)]


def test_a_law_over_one_endpoints_operator_closes_that_endpoint_only(two: TwoPlaces) -> None:
    stand(two.nation, "endpoint", "DE", under=("DE", "US"))
    two.nation.person("ada")
    two.nation.dataset("free", process_in=["EU"], forbidden_legal_control=["US"], budget=WHOLE)
    two.nation.document("free", "f.md", ["The fine for waste is 150 euros."])
    two.nation.grant("ada", "free", share=Decimal(1))
    assert answered(two.ask("ada")).endpoint == "far"
    assert two.near.silent
    stand(two.nation, "store", "DE", under=("DE", "US"))
    assert isinstance(two.ask("ada"), Refusal)


def test_an_endpoint_with_another_embedding_model_than_the_index_is_refused(two: TwoPlaces, tmp_path: Path) -> None:
    two.holds("ada", "austria")
    near = two.services.settings.model_socket
    with (
        model_server.run(tmp_path / "m.sock", embedder="other-embedder") as socket,
        opened(two.nation, {"endpoint": near, "far": socket}) as services,
    ):
        outcome = ask(FINE, two.nation.subject("ada"), Purpose.RESEARCH, services)
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
    assert "other-embedder" in outcome.message


def test_an_endpoint_that_is_not_registered_opens_nothing(two: TwoPlaces) -> None:
    two.holds("ada", "both")
    near = two.services.settings.model_socket
    with (
        opened(two.nation, {"endpoint": near, "nowhere": near}) as services,
        pytest.raises(Exception, match="'nowhere' is not registered"),
    ):
        ask(FINE, two.nation.subject("ada"), Purpose.RESEARCH, services)
    assert two.near.silent


# whoever chose: the writer itself sends nothing its endpoint may not process


def test_a_writer_sends_no_passage_its_endpoint_may_not_process(two: TwoPlaces) -> None:
    far = two.services.at("far").writer
    with pytest.raises(UnsealedError, match="'far', which may not process it, so nothing was sent"):
        far.draft("Where?", [passage("Five knots.")], SCOPE, lambda _: None)
    assert two.far.silent


def test_a_writer_sends_nothing_of_a_dataset_outside_the_scope(two: TwoPlaces) -> None:
    writer = two.services.at("endpoint").writer
    with pytest.raises(UnsealedError):
        writer.draft("Where?", [passage("Five knots.")], replace(SCOPE, rulings={}), lambda _: None)
    assert two.near.silent


def test_a_choice_gone_wrong_ends_in_a_refusal_and_not_in_a_prompt(
    two: TwoPlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_to_the_first(found: Any, *_: Any) -> endpoints.Together:
        return endpoints.Together(endpoint="endpoint", chunks=tuple(found))

    monkeypatch.setattr(retrieve, "together", all_to_the_first)
    two.holds("ada", "austria")
    outcome = two.ask("ada")
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.DEPENDENCY_DOWN
    assert two.near.silent


# where models come from


def serving(two: TwoPlaces, endpoint: str, *, origin: str, chat: str = "quoting-chat") -> None:
    """Say what an endpoint serves: the fake's embedder, from Germany, and a chat model."""
    with two.nation.operator.begin(OPERATOR) as session:
        told = [
            ServedModel(name=name, kind=kind, sha256=sha256(name.encode()).hexdigest(), origin=origin_of, ancestry=())
            for name, kind, origin_of in (
                ("hashing-embedder", ModelKind.EMBEDDING, "DE"),
                (chat, ModelKind.CHAT, origin),
            )
        ]
        models.serve(session, endpoint, told)


def choosy(two: TwoPlaces) -> None:
    two.nation.person("ada")
    two.nation.dataset("free", process_in=["EU"], forbidden_model_origins=["CN"], budget=WHOLE)
    two.nation.document("free", "f.md", ["The fine for waste is 150 euros."])
    two.nation.grant("ada", "free", share=Decimal(1))


def test_a_model_of_a_forbidden_origin_reads_nothing_and_another_endpoints_answers(two: TwoPlaces) -> None:
    choosy(two)
    serving(two, "endpoint", origin="CN")
    serving(two, "far", origin="FR")
    assert answered(two.ask("ada")).endpoint == "far"
    assert two.near.silent


def test_where_every_model_is_of_a_forbidden_or_unknown_origin_the_question_is_refused(two: TwoPlaces) -> None:
    choosy(two)
    serving(two, "endpoint", origin="CN")
    outcome = two.ask("ada")
    assert isinstance(outcome, Refusal)
    assert outcome.kind is RefusalKind.NO_ENDPOINT
    rule = "query.model-of-forbidden-origin"
    assert two.violations() == [("model", rule, "endpoint", "free"), ("model", rule, "far", "free")]
    assert two.near.silent
    assert two.far.silent


def test_another_model_than_the_one_decided_about_is_given_nothing(two: TwoPlaces) -> None:
    """The endpoint says one model to the register and runs another: it would be of nobody knows where."""
    choosy(two)
    serving(two, "endpoint", origin="FR", chat="another")
    outcome = two.ask("ada")
    assert isinstance(outcome, Refusal)
    assert "is not the one that was decided about" in outcome.message
    assert two.near.chat.asked == []
    serving(two, "endpoint", origin="FR")
    assert answered(two.ask("ada")).endpoint == "endpoint"


def test_a_dataset_that_forbids_no_origin_is_read_by_whatever_runs_there(two: TwoPlaces) -> None:
    two.holds("ada", "both")
    serving(two, "endpoint", origin="CN", chat="another")
    assert answered(two.ask("ada")).endpoint == "endpoint"
