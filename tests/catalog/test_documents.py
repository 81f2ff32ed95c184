"""A document's life: what may follow what, written out; versions; who does it; what the trail says."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from catalog import documents
from catalog.db import Worker
from catalog.documents import Order, Submitted
from catalog.errors import DataHubError, InvalidTransitionError, NotFoundError
from catalog.vocabulary import DatasetId, HoldReason, RefusalReason, Sha256, VersionId, VersionState
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import OPERATOR, Nation

WHY = (HoldReason.LOOSER, "two tags disagree")
Act = Callable[[Session, VersionId], None]
ACTS: dict[str, tuple[Act, VersionState]] = {
    "publish": (
        lambda session, version: documents.settle(session, version, VersionState.PUBLISHED, media_type="text/plain"),
        VersionState.PUBLISHED,
    ),
    "hold": (lambda session, version: documents.hold(session, version, *WHY), VersionState.HELD),
    "refuse": (
        lambda session, version: documents.refuse(session, version, RefusalReason.CORRUPT, "torn"),
        VersionState.REFUSED,
    ),
}
#: What may happen to a version in each state: only a version in quarantine moves by these acts.
MAY: dict[VersionState, set[str]] = {
    VersionState.QUARANTINED: {"publish", "hold", "refuse"},
    VersionState.HELD: set(),
    VersionState.PUBLISHED: set(),
    VersionState.REFUSED: set(),
    VersionState.SUPERSEDED: set(),
    VersionState.WITHDRAWN: set(),
}
#: What the same bytes handed in once more become, by the state of the newest version.
AGAIN: dict[VersionState, str] = {
    VersionState.QUARANTINED: "unchanged",
    VersionState.HELD: "unchanged",
    VersionState.PUBLISHED: "unchanged",
    VersionState.SUPERSEDED: "unchanged",
    VersionState.REFUSED: "new version",
    VersionState.WITHDRAWN: "new version",
}


def sha(words: str) -> Sha256:
    from hashlib import sha256

    return Sha256(sha256(words.encode()).hexdigest())


@pytest.fixture
def rivers(nation: Nation) -> Nation:
    nation.dataset("rivers")
    return nation


def submit(
    nation: Nation,
    words: str = "first",
    *,
    name: str = "a.txt",
    dataset: str = "rivers",
    digest: str | None = None,
) -> Submitted:
    with nation.operator.begin(OPERATOR) as session:
        return documents.submit(
            session,
            dataset_id=nation.datasets[dataset],
            submission_id=documents.open_submission(session, nation.datasets[dataset]),
            name=name,
            sha256=sha(words) if digest is None else Sha256(digest),
            size_bytes=len(words),
        )


def act(nation: Nation, version: VersionId, name: str, *, dataset: str = "rivers") -> None:
    with nation.worker.begin(Worker(name="w1", dataset_id=nation.datasets[dataset])) as session:
        ACTS[name][0](session, version)


def order(nation: Nation, version: VersionId, dataset_id: DatasetId | None = None) -> Order:
    context = Worker(name="w1", dataset_id=dataset_id or nation.datasets["rivers"])
    with nation.worker.begin(context) as session:
        return documents.order(session, version)


def put_into(nation: Nation, version: VersionId, state: VersionState) -> None:
    settled = "NULL" if state is VersionState.QUARANTINED else "now()"
    run(
        nation.database,
        f"UPDATE hub.document_versions SET state = %s, settled_at = {settled}, reason = 'r' WHERE id = %s",  # type: ignore[arg-type]  # noqa: S608
        state,
        version,
    )


def snapshot(nation: Nation) -> list[tuple[Any, ...]]:
    return rows(nation.database, "SELECT id, ordinal, state, reason, detail, settled_at FROM hub.document_versions")


def test_the_tables_above_cover_every_state() -> None:
    assert set(MAY) == set(AGAIN) == set(VersionState)


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("state", VersionState)
def test_a_version_moves_only_as_the_table_allows(rivers: Nation, state: VersionState, name: str) -> None:
    version = submit(rivers).version_id
    put_into(rivers, version, state)
    before = snapshot(rivers)
    if name in MAY[state]:
        act(rivers, version, name)
        assert order(rivers, version).state is ACTS[name][1]
        return
    with pytest.raises(InvalidTransitionError, match="left quarantine already"):
        act(rivers, version, name)
    assert snapshot(rivers) == before


@pytest.mark.parametrize("state", VersionState)
def test_the_same_bytes_again_are_unchanged_or_a_new_try_as_the_table_says(rivers: Nation, state: VersionState) -> None:
    first = submit(rivers)
    put_into(rivers, first.version_id, state)
    again = submit(rivers)
    assert again.document_id == first.document_id
    assert again.unchanged == (AGAIN[state] == "unchanged")
    assert (again.version_id == first.version_id) == again.unchanged
    expected = [(1, state.value)] if again.unchanged else [(1, state.value), (2, "quarantined")]
    assert rows(rivers.database, "SELECT ordinal, state FROM hub.document_versions ORDER BY 1") == expected


@pytest.mark.parametrize("state", VersionState)
def test_other_bytes_are_always_a_new_version_in_quarantine(rivers: Nation, state: VersionState) -> None:
    first = submit(rivers)
    put_into(rivers, first.version_id, state)
    second = submit(rivers, "second")
    assert not second.unchanged
    assert second.document_id == first.document_id
    assert order(rivers, second.version_id).state is VersionState.QUARANTINED


def test_bytes_that_come_back_after_others_are_a_version_of_their_own(rivers: Nation) -> None:
    submitted = [submit(rivers, words) for words in ("first", "second", "first")]
    assert [one.unchanged for one in submitted] == [False, False, False]
    assert len({one.version_id for one in submitted}) == 3
    assert rows(rivers.database, "SELECT ordinal FROM hub.document_versions ORDER BY 1") == [(1,), (2,), (3,)]


def test_the_same_bytes_under_another_name_or_in_another_dataset_are_another_document(rivers: Nation) -> None:
    rivers.dataset("harbours")
    made = [submit(rivers), submit(rivers, name="b.txt"), submit(rivers, dataset="harbours")]
    assert len({one.document_id for one in made}) == 3
    assert not any(one.unchanged for one in made)


@pytest.mark.parametrize(
    "name", ["a.txt", "dir/Ä ö.txt", "a" * 300, "' OR 1=1 --", "%s", "\\", "日本.md", "\u202ea.txt"]
)
def test_a_name_is_kept_as_it_was_given(rivers: Nation, name: str) -> None:
    made = submit(rivers, name=name)
    assert order(rivers, made.version_id).name == name


def test_an_order_says_all_the_worker_needs(rivers: Nation) -> None:
    made = submit(rivers, "twelve bytes")
    submission = value(rivers.database, "SELECT id FROM hub.submissions")
    assert order(rivers, made.version_id) == Order(
        dataset_id=rivers.datasets["rivers"],
        document_id=made.document_id,
        version_id=made.version_id,
        submission_id=submission,
        name="a.txt",
        sha256=sha("twelve bytes"),
        size_bytes=12,
        state=VersionState.QUARANTINED,
    )


def test_an_order_of_another_dataset_looks_like_one_that_never_was(rivers: Nation) -> None:
    rivers.dataset("harbours")
    version = submit(rivers).version_id
    said = []
    for dataset, asked in ((rivers.datasets["harbours"], version), (None, VersionId(uuid4()))):
        with pytest.raises(NotFoundError) as caught:
            order(rivers, asked, dataset)
        said.append(str(caught.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("name", ACTS)
def test_a_worker_on_another_dataset_moves_nothing(rivers: Nation, name: str) -> None:
    rivers.dataset("harbours")
    version = submit(rivers).version_id
    with pytest.raises(DataHubError):
        act(rivers, version, name, dataset="harbours")
    assert order(rivers, version).state is VersionState.QUARANTINED


@pytest.mark.parametrize("reason", RefusalReason)
def test_a_refusal_keeps_its_reason_and_is_in_the_trail(rivers: Nation, reason: RefusalReason) -> None:
    version = submit(rivers).version_id
    with rivers.worker.begin(Worker(name="w1", dataset_id=rivers.datasets["rivers"])) as session:
        documents.refuse(session, version, reason, "image/x-fish")
    query = "SELECT state, reason, detail, settled_at IS NOT NULL FROM hub.document_versions"
    assert rows(rivers.database, query) == [("refused", reason.value, "image/x-fish", True)]
    assert events(rivers.database, "document.refused") == [
        ("worker:w1", f"version:{version}", {"reason": reason.value, "detail": "image/x-fish"})
    ]


def test_a_held_version_says_why_and_is_in_the_trail(rivers: Nation) -> None:
    version = submit(rivers).version_id
    act(rivers, version, "hold")
    query = "SELECT state, reason, detail FROM hub.document_versions"
    assert rows(rivers.database, query) == [("held", "looser", "two tags disagree")]
    assert events(rivers.database, "document.held") == [
        ("worker:w1", f"version:{version}", {"reason": "looser", "detail": "two tags disagree"})
    ]


def test_a_submitted_file_is_in_the_trail_by_digest_and_an_unchanged_one_is_not(rivers: Nation) -> None:
    made = submit(rivers)
    submit(rivers)
    assert events(rivers.database, "document.submitted") == [
        ("operator:test", f"version:{made.version_id}", {"sha256": sha("first"), "bytes": 5})
    ]


def test_many_who_hand_in_the_same_file_at_once_make_one_version(rivers: Nation) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: submit(rivers), range(6)))
    assert len({one.document_id for one in made}) == 1
    versions = rows(rivers.database, "SELECT ordinal, state FROM hub.document_versions ORDER BY 1")
    assert [one.unchanged for one in made].count(False) == len(versions) == 1


@pytest.mark.parametrize("digest", ["", "A" * 64, "f" * 63, "f" * 65, "g" * 64, "../" + "f" * 61])
def test_what_is_no_digest_is_no_version(rivers: Nation, digest: str) -> None:
    with pytest.raises(DataHubError):
        submit(rivers, digest=digest)
    assert value(rivers.database, "SELECT count(*) FROM hub.documents") == 0
