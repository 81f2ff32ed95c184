"""How far a submission has come: counted by state, and what became of each file by name."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import documents
from catalog.document_tags import NONE
from catalog.errors import NotFoundError
from catalog.progress import Outcome, Progress, outcomes, progress
from catalog.vocabulary import Sha256, SubmissionId, VersionState
from tests.catalog.ledger import SHARED_DATABASE, run
from tests.fixtures.nation import OPERATOR, Nation

#: Which count each state goes into: what once was published was taken in, whatever came later.
COUNTED_AS: dict[VersionState, str] = {
    VersionState.QUARANTINED: "waiting",
    VersionState.HELD: "held",
    VersionState.PUBLISHED: "published",
    VersionState.SUPERSEDED: "published",
    VersionState.WITHDRAWN: "published",
    VersionState.REFUSED: "refused",
}
NOTHING = Progress(submitted=0, unchanged=0, published=0, held=0, refused=0, waiting=0)


def hand_in(nation: Nation, files: Sequence[tuple[str, VersionState]], dataset: str = "rivers") -> SubmissionId:
    """A submission whose files have come to these states already."""
    with nation.operator.begin(OPERATOR) as session:
        submission = documents.open_submission(session, nation.datasets[dataset])
        for name, state in files:
            version = documents.submit(
                session,
                dataset_id=nation.datasets[dataset],
                submission_id=submission,
                name=name,
                sha256=Sha256(sha256(name.encode()).hexdigest()),
                size_bytes=1,
            ).version_id
            if state is not VersionState.QUARANTINED:
                _settle(session, version, state)
    return submission


def _settle(session: object, version: object, state: VersionState) -> None:
    from sqlalchemy import func, update
    from sqlalchemy.orm import Session

    from catalog.tables import document_versions

    assert isinstance(session, Session)
    values = {"state": state, "reason": "corrupt", "detail": "torn", "settled_at": func.hub.hub_now()}
    session.execute(update(document_versions).where(document_versions.c.id == version).values(values))


def counted(nation: Nation, submission: SubmissionId) -> Progress:
    with nation.operator.begin(OPERATOR) as session:
        return progress(session, submission)


@pytest.fixture
def rivers(nation: Nation) -> Nation:
    nation.dataset("rivers")
    return nation


def test_the_table_covers_every_state() -> None:
    assert set(COUNTED_AS) == set(VersionState)
    assert set(COUNTED_AS.values()) == set(asdict(NOTHING)) - {"submitted", "unchanged"}


def test_an_empty_submission_counts_nothing(rivers: Nation) -> None:
    assert counted(rivers, hand_in(rivers, [])) == NOTHING


@pytest.mark.parametrize("state", VersionState)
def test_each_state_is_counted_once_and_in_its_place(rivers: Nation, state: VersionState) -> None:
    found = asdict(counted(rivers, hand_in(rivers, [("a.txt", state)])))
    assert found == {**asdict(NOTHING), "submitted": 1, COUNTED_AS[state]: 1}


def test_an_unchanged_file_is_counted_by_the_submission_that_brought_it_again(rivers: Nation) -> None:
    first = hand_in(rivers, [("a.txt", VersionState.PUBLISHED), ("b.txt", VersionState.HELD)])
    second = hand_in(
        rivers,
        [
            ("a.txt", VersionState.QUARANTINED),
            ("b.txt", VersionState.QUARANTINED),
            ("c.txt", VersionState.QUARANTINED),
        ],
    )
    assert counted(rivers, first).unchanged == 0
    assert asdict(counted(rivers, second)) == {**asdict(NOTHING), "submitted": 1, "unchanged": 2, "waiting": 1}


def test_other_submissions_do_not_count(rivers: Nation) -> None:
    rivers.dataset("harbours")
    hand_in(rivers, [("z.txt", VersionState.REFUSED)])
    hand_in(rivers, [("a.txt", VersionState.REFUSED)], dataset="harbours")
    mine = hand_in(rivers, [("a.txt", VersionState.PUBLISHED)])
    assert asdict(counted(rivers, mine)) == {**asdict(NOTHING), "submitted": 1, "published": 1}


def test_a_submission_that_never_was_is_not_found(rivers: Nation) -> None:
    with rivers.operator.begin(OPERATOR) as session, pytest.raises(NotFoundError, match="no such submission"):
        progress(session, SubmissionId(uuid4()))


def test_outcomes_are_told_by_name_with_reason_and_detail(rivers: Nation) -> None:
    mine = hand_in(rivers, [("b.txt", VersionState.REFUSED), ("a.txt", VersionState.QUARANTINED)])
    hand_in(rivers, [("c.txt", VersionState.REFUSED)])
    run(rivers.database, "UPDATE hub.document_versions SET reason = 'too large' WHERE state = 'refused'")
    with rivers.operator.begin(OPERATOR) as session:
        assert outcomes(session, mine) == [
            Outcome(name="a.txt", state="quarantined", reason=None, detail=None, law_id=None, tags=NONE),
            Outcome(name="b.txt", state="refused", reason="too large", detail="torn", law_id=None, tags=NONE),
        ]
        assert outcomes(session, SubmissionId(uuid4())) == []


@given(st.lists(st.sampled_from(VersionState), max_size=12))
@settings(SHARED_DATABASE, max_examples=25)
def test_the_counts_of_any_submission_add_up_to_its_files(rivers: Nation, states: list[VersionState]) -> None:
    tag = uuid4().hex
    submission = hand_in(rivers, [(f"{tag}-{n}.txt", state) for n, state in enumerate(states)])
    found = asdict(counted(rivers, submission))
    expected = {**asdict(NOTHING), "submitted": len(states)}
    for state in states:
        expected[COUNTED_AS[state]] += 1
    assert found == expected
    assert sum(found[name] for name in set(COUNTED_AS.values())) == found["submitted"]
