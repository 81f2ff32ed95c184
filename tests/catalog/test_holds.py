"""A held document goes on or ends by its steward's word, once; nobody reads it meanwhile, and the trail says why."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from catalog import documents, holds
from catalog.db import Database, Steward, Worker
from catalog.document_tags import tags
from catalog.errors import InvalidTransitionError, NotFoundError, SettingsError
from catalog.intake import Intake, document_of, of_dataset
from catalog.vocabulary import DocumentId, HoldReason, VersionId
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import OPERATOR, Nation

WHY = "A marking printed in it asks for secret at least; it is declared internal."
STATE = "SELECT state, reason, detail, released, settled_at IS NULL FROM hub.document_versions"


@pytest.fixture
def held(nation: Nation) -> Nation:
    nation.person("sten")
    nation.person("olga", organisation="office")
    dataset = nation.dataset("rivers")
    with nation.operator.begin(OPERATOR) as session:
        version = documents.submit(
            session,
            dataset_id=dataset,
            submission_id=documents.open_submission(session, dataset),
            name="dyke.txt",
            sha256="0" * 64,  # type: ignore[arg-type]
            size_bytes=9,
        ).version_id
    with nation.worker.begin(Worker(name="w", dataset_id=dataset)) as session:
        documents.hold(session, version, HoldReason.MARKED, WHY)
    return nation


def decide(
    nation: Nation, stewards: Database, act: Callable[[Session, DocumentId], VersionId], person: str = "sten"
) -> None:
    with stewards.begin(Steward(person_id=nation.people[person])) as session:
        act(session, nation.document_of("dyke.txt"))


def test_a_steward_sees_it_with_its_reason(held: Nation, stewards: Database) -> None:
    with stewards.begin(Steward(person_id=held.people["sten"])) as session:
        (found,) = of_dataset(session, "rivers")
        assert document_of(session, "rivers", "dyke.txt") == found.document_id
        with pytest.raises(NotFoundError, match="hub document list rivers"):
            document_of(session, "rivers", "dike.txt")
    assert isinstance(found, Intake)
    assert (found.state, found.reason, found.detail, found.tags.declared()) == ("held", "marked", WHY, {})


def test_released_it_goes_back_to_quarantine_and_into_the_queue(held: Nation, stewards: Database) -> None:
    decide(held, stewards, lambda session, one: holds.release(session, one, reason="It is a title."))
    assert rows(held.database, STATE) == [("quarantined", None, None, True, True)]
    assert value(held.database, "SELECT count(*) FROM queue.procrastinate_jobs") == 1
    (event,) = events(held.database, "document.released")
    assert (event[0], event[2]) == (f"person:{held.people['sten']}", {"reason": "It is a title."})


def test_released_with_tags_it_has_them_before_it_goes_on(held: Nation, stewards: Database) -> None:
    secret = tags(classification="secret")
    decide(held, stewards, lambda session, one: holds.release(session, one, reason="Marked so.", tags=secret))
    assert value(held.database, "SELECT classification FROM hub.document_laws") == "secret"
    assert [detail for _, _, detail in events(held.database, "document.tagged")] == [
        {"from": {}, "to": {"classification": "secret"}}
    ]


def test_with_looser_tags_it_is_not_released(held: Nation, stewards: Database) -> None:
    public = tags(classification="public")
    with pytest.raises(SettingsError, match="only be stricter"):
        decide(held, stewards, lambda session, one: holds.release(session, one, reason="Open.", tags=public))
    assert [state for state, *_ in rows(held.database, STATE)] == ["held"]


def test_refused_it_ends_with_the_stewards_reason(held: Nation, stewards: Database) -> None:
    decide(held, stewards, lambda session, one: holds.refuse(session, one, reason="Not for this hub."))
    assert rows(held.database, STATE) == [("refused", "not released", "Not for this hub.", False, False)]
    assert value(held.database, "SELECT count(*) FROM queue.procrastinate_jobs") == 0
    assert [detail for _, _, detail in events(held.database, "document.refused")] == [{"reason": "Not for this hub."}]


@pytest.mark.parametrize("act", [holds.release, holds.refuse])
def test_it_is_decided_once_and_by_nobody_else(held: Nation, stewards: Database, act: Callable[..., VersionId]) -> None:
    with pytest.raises(NotFoundError):
        decide(held, stewards, lambda session, one: act(session, one, reason="Mine now."), person="olga")
    decide(held, stewards, lambda session, one: act(session, one, reason="Decided."))
    for again in (holds.release, holds.refuse):
        with pytest.raises(InvalidTransitionError, match="not held"):
            decide(held, stewards, lambda session, one: again(session, one, reason="Again."))  # noqa: B023
    with pytest.raises(NotFoundError), held.operator.begin(OPERATOR) as session:
        act(session, DocumentId(held.datasets["rivers"]), reason="Nothing.")


def test_the_same_bytes_handed_in_again_stay_held(held: Nation) -> None:
    dataset = held.datasets["rivers"]
    with held.operator.begin(OPERATOR) as session:
        again = documents.submit(
            session,
            dataset_id=dataset,
            submission_id=documents.open_submission(session, dataset),
            name="dyke.txt",
            sha256="0" * 64,  # type: ignore[arg-type]
            size_bytes=9,
        )
    assert again.unchanged
    assert [state for state, *_ in rows(held.database, STATE)] == ["held"]


def test_a_held_document_has_no_text_in_the_hub(held: Nation) -> None:
    run(held.database, "UPDATE hub.document_versions SET detail = detail")
    assert value(held.database, "SELECT count(*) FROM hub.text_revisions") == 0
    assert value(held.database, "SELECT count(*) FROM hub.chunks") == 0
