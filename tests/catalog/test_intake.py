"""A steward sees what was handed in, by name and in its newest version, and pages only of their organisation's."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from catalog import documents, intake
from catalog.db import Database, Steward, Worker
from catalog.errors import NotFoundError
from catalog.vocabulary import RefusalReason, Sha256, SubmissionId, VersionId
from tests.catalog.ledger import rows, run
from tests.fixtures.nation import OPERATOR, Nation
from tests.fixtures.paged import publish_pages


@pytest.fixture
def desk(nation: Nation) -> Nation:
    """Sten keeps the ministry's rivers, Olga the office's lakes."""
    nation.person("sten")
    nation.person("olga", organisation="office")
    nation.dataset("rivers")
    nation.dataset("lakes", owner="office")
    nation.document("rivers", "b.txt", ["The gate is old. "])
    publish_pages(nation, "rivers", "a.pdf", [("One. ", 1, 1), ("Two. ", 2, 3)])
    nation.document("lakes", "c.txt", ["The lake is deep. "])
    return nation


@pytest.fixture
def sten(desk: Nation, stewards: Database) -> Iterator[Session]:
    with stewards.begin(Steward(person_id=desk.people["sten"])) as session:
        yield session


def hand_in(nation: Nation, slug: str, name: str, digit: str = "0") -> tuple[SubmissionId, VersionId]:
    dataset_id = nation.datasets[slug]
    with nation.operator.begin(OPERATOR) as session:
        submission = documents.open_submission(session, dataset_id)
        handed = documents.submit(
            session, dataset_id=dataset_id, submission_id=submission, name=name, sha256=Sha256(digit * 64), size_bytes=7
        )  # fmt: skip
    return submission, handed.version_id


def test_each_document_is_told_once_by_name_with_its_figures(sten: Session, desk: Nation) -> None:
    first, second = intake.of_dataset(sten, "rivers")
    assert (first.name, first.version, first.state, first.pages) == ("a.pdf", 1, "published", 3)
    assert (first.media_type, first.size_bytes, first.reason, first.detail) == ("application/pdf", 10, None, None)
    assert first.document_id == desk.document_of("a.pdf")
    assert first.settled_at is not None
    assert first.submitted_at <= first.settled_at
    assert (second.name, second.pages) == ("b.txt", 1)


def test_a_document_in_quarantine_has_no_pages_yet_and_the_newest_version_counts(sten: Session, desk: Nation) -> None:
    _, version = hand_in(desk, "rivers", "b.txt")
    told = intake.of_dataset(sten, "rivers", after="a.pdf")
    assert [(one.version_id, one.version, one.state, one.pages, one.settled_at) for one in told] == [
        (version, 2, "quarantined", None, None)
    ]


def test_a_refused_document_says_why(sten: Session, desk: Nation) -> None:
    _, version = hand_in(desk, "rivers", "d.exe")
    with desk.worker.begin(Worker(name="w", dataset_id=desk.datasets["rivers"])) as session:
        documents.refuse(session, version, RefusalReason.UNSUPPORTED, "exe")
    (told,) = intake.of_dataset(sten, "rivers", after="b.txt")
    assert (told.state, told.reason, told.detail, told.pages) == ("refused", "unsupported", "exe", None)


def test_documents_come_page_after_page(sten: Session, desk: Nation) -> None:
    for name in ("c.txt", "ä.txt", "Z.txt"):
        hand_in(desk, "rivers", name)
    names, after = [], ""
    while told := intake.of_dataset(sten, "rivers", after=after, limit=2):
        assert len(told) <= 2
        names += [one.name for one in told]
        after = told[-1].name
    assert sorted(names) == sorted(["a.pdf", "b.txt", "c.txt", "ä.txt", "Z.txt"])
    assert len(names) == len(set(names))


@pytest.mark.parametrize("slug", ["lakes", "never-was", "Rivers", ""])
def test_anothers_dataset_looks_absent(sten: Session, slug: str) -> None:
    with pytest.raises(NotFoundError):
        intake.of_dataset(sten, slug)
    with pytest.raises(NotFoundError):
        intake.dataset_of(sten, slug)


def test_a_withdrawn_dataset_is_absent_too(sten: Session, desk: Nation) -> None:
    assert intake.dataset_of(sten, "rivers") == desk.datasets["rivers"]
    run(desk.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'rivers'")
    with pytest.raises(NotFoundError):
        intake.of_dataset(sten, "rivers")


def test_pages_are_told_of_ones_own_organisations_versions_only(sten: Session, desk: Nation) -> None:
    found = rows(desk.database, "SELECT id, dataset_id FROM hub.document_versions")
    told = intake.pages_of(sten, [*(VersionId(version) for version, _ in found), VersionId(uuid4())])
    assert set(told) == {version for version, dataset in found if dataset == desk.datasets["rivers"]}
    assert sorted(told.values()) == [1, 3]
    assert intake.pages_of(sten, []) == {}


def test_a_submission_is_found_by_its_own_stewards_only(sten: Session, desk: Nation, stewards: Database) -> None:
    submission, _ = hand_in(desk, "rivers", "new.txt")
    dataset, begun = intake.submission_of(sten, submission)
    assert (dataset, begun.utcoffset() is not None) == (desk.datasets["rivers"], True)
    with stewards.begin(Steward(person_id=desk.people["olga"])) as session:
        for absent in (submission, SubmissionId(uuid4())):
            with pytest.raises(NotFoundError):
                intake.submission_of(session, absent)
        assert intake.pages_of_submission(session, submission) == 0


def test_a_submission_counts_the_pages_read_so_far(sten: Session, desk: Nation) -> None:
    submission, _ = hand_in(desk, "rivers", "new.txt")
    assert intake.pages_of_submission(sten, submission) == 0
    of_a = (
        "SELECT v.submission_id FROM hub.document_versions v JOIN hub.documents d ON d.id = document_id AND name = %s"
    )
    ((published,),) = rows(desk.database, of_a, "a.pdf")
    assert intake.pages_of_submission(sten, SubmissionId(published)) == 3
