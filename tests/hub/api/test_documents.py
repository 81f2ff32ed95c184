"""`/documents`: handed in onto the disk, watched, listed, withdrawn; by the owner's stewards alone, never read."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from catalog import audit, chunks, documents
from catalog.db import Worker
from catalog.vocabulary import EventType, VersionState
from tests.fixtures.nation import OPERATOR
from tests.hub.api.conftest import Door

FINE = "What is the fine for throwing waste into the basin?"


def test_a_file_is_stored_registered_and_queued(door: Door) -> None:
    said = door.call("sten", "POST", "/documents", params={"dataset": "harbour", "name": "a/new.txt"}, content=b"words")
    assert (said.status_code, said.json()["size_bytes"], said.json()["unchanged"]) == (202, 5, False)
    state = door.call("sten", "GET", f"/documents/submissions/{said.json()['submission_id']}").json()
    assert (state["files"], state["waiting"], [one["name"] for one in state["outcomes"]]) == (1, 1, ["a/new.txt"])
    with door.nation.operator.begin(OPERATOR) as session:
        jobs = session.scalar(text("SELECT count(*) FROM queue.procrastinate_jobs"))
    assert jobs == 1
    assert list(door.hub.settings.incoming_dir.iterdir()) == []


def test_files_of_one_submission_are_watched_together_and_the_same_bytes_are_skipped(door: Door) -> None:
    first = door.call("sten", "POST", "/documents", params={"dataset": "harbour", "name": "a.txt"}, content=b"a").json()
    more = {"dataset": "harbour", "submission": first["submission_id"]}
    again = door.call("sten", "POST", "/documents", params={**more, "name": "a.txt"}, content=b"a").json()
    door.call("sten", "POST", "/documents", params={**more, "name": "b.txt"}, content=b"b")
    assert again["unchanged"] is True
    state = door.call("sten", "GET", f"/documents/submissions/{first['submission_id']}").json()
    assert (state["files"], state["unchanged"], state["waiting"]) == (3, 1, 2)


def test_a_file_over_the_limit_is_refused_before_and_while_it_comes(door: Door) -> None:
    most = door.hub.settings.max_upload_bytes
    params = {"dataset": "harbour", "name": "big.txt"}
    declared = door.call("sten", "POST", "/documents", params=params, content=b"x" * (most + 1))
    streamed = door.call(
        "sten", "POST", "/documents", params=params, content=(b"x" * 1000 for _ in range(most // 1000 + 2))
    )
    for said in (declared, streamed):
        assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (413, "too-large")
        assert "Nothing of it was kept" in said.json()["detail"]
    with door.nation.operator.begin(OPERATOR) as session:
        assert session.scalar(text("SELECT count(*) FROM hub.documents WHERE name = 'big.txt'")) == 0


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "a\\b", "x" * 401])
def test_a_name_that_is_none_is_refused(door: Door, name: str) -> None:
    said = door.call("sten", "POST", "/documents", params={"dataset": "harbour", "name": name}, content=b"x")
    assert said.status_code == 422


def test_a_steward_of_another_organisation_finds_nothing(door: Door) -> None:
    door.nation.person("olga", organisation="other-office")
    door.people["olga"] = ("steward",)
    mine = door.call("sten", "POST", "/documents", params={"dataset": "harbour", "name": "a.txt"}, content=b"a").json()
    for said in (
        door.call("olga", "POST", "/documents", params={"dataset": "harbour", "name": "a.txt"}, content=b"a"),
        door.call("olga", "GET", "/documents", params={"dataset": "harbour"}),
        door.call("olga", "GET", f"/documents/submissions/{mine['submission_id']}"),
        door.call("olga", "POST", f"/documents/{mine['document_id']}/withdrawal", json={"reason": "because"}),
        door.call("olga", "PATCH", "/datasets/harbour", json={"listed": False}),
        door.call("olga", "GET", "/datasets/vault"),
    ):
        assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (404, "absent")


def test_a_submission_holds_files_of_one_dataset(door: Door) -> None:
    first = door.call("sten", "POST", "/documents", params={"dataset": "harbour", "name": "a.txt"}, content=b"a").json()
    params = {"dataset": "vault", "name": "a.txt", "submission": first["submission_id"]}
    assert door.call("sten", "POST", "/documents", params=params, content=b"a").status_code == 404


def test_documents_are_listed_by_name_in_pages(door: Door) -> None:
    found, cursor = [], None
    while True:
        params = {"dataset": "harbour", "limit": 1, **({"cursor": cursor} if cursor else {})}
        page = door.call("sten", "GET", "/documents", params=params).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [(one["name"], one["state"], one["pages"]) for one in found] == [
        ("history.md", "published", 1),
        ("rules.md", "published", 1),
    ]


def test_a_withdrawn_document_is_disclosed_no_more_from_that_moment(door: Door) -> None:
    _, answer = door.events("ada", FINE)[-1]
    passage = answer["citations"][0]["passage_id"]
    document = str(door.nation.document_of("rules.md"))
    said = door.call("sten", "POST", f"/documents/{document}/withdrawal", json={"reason": "Replaced."})
    assert said.status_code == 204
    read = door.call("ada", "GET", f"/passages/{passage}", params={"purpose": "research"})
    assert read.status_code == 404
    assert door.events("ada", FINE)[-1][0] == "refusal"
    assert door.call("ada", "GET", f"/questions/{answer['id']}").json()["gone"] is True
    with door.nation.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=9, types=[EventType.DOCUMENT_WITHDRAWN])
    assert event.detail == {"reason": "Replaced."}
    again = door.call("sten", "POST", f"/documents/{document}/withdrawal", json={"reason": "Again."})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "conflict")


def test_blanks_are_no_reason_and_the_space_around_one_is_not_kept(door: Door) -> None:
    path = f"/documents/{door.nation.document_of('rules.md')}/withdrawal"
    said = door.call("sten", "POST", path, json={"reason": " \t\n  "})
    assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (422, "invalid")
    assert door.events("ada", FINE)[-1][0] == "answer", "nothing was withdrawn"
    assert door.call("sten", "POST", path, json={"reason": "  Replaced. "}).status_code == 204
    with door.nation.operator.begin(OPERATOR) as session:
        (event,) = audit.newest(session, limit=9, types=[EventType.DOCUMENT_WITHDRAWN])
    assert event.detail == {"reason": "Replaced."}


def test_the_worker_takes_a_withdrawn_version_out_of_the_index_and_its_counts_once(door: Door) -> None:
    document = door.nation.document_of("rules.md")
    door.call("sten", "POST", f"/documents/{document}/withdrawal", json={"reason": "Replaced."})
    dataset = door.nation.datasets["harbour"]
    with door.nation.operator.begin(OPERATOR) as session:
        query = text("SELECT id FROM hub.document_versions WHERE document_id = :id")
        version = session.scalar(query, {"id": document})
    for _ in range(2):
        with door.nation.worker.begin(Worker(name="test", dataset_id=dataset)) as session:
            assert documents.order(session, version).state is VersionState.WITHDRAWN
            chunks.take_out(session, dataset, version)
    with door.nation.database.connect() as connection:
        live = connection.execute("SELECT count(*) FROM hub.chunks WHERE live AND version_id = %s", [version])
        size = connection.execute(
            "SELECT characters FROM hub.lineages l JOIN hub.datasets d ON d.lineage_id = l.id WHERE d.slug = 'harbour'"
        )
        counted = connection.execute("SELECT sum(chunks) FROM hub.index_sizes WHERE dataset_id = %s", [dataset])
        assert (live.fetchone(), size.fetchone(), counted.fetchone()) == ((0,), (70,), (1,))


def test_a_document_that_is_not_there_can_not_be_withdrawn(door: Door) -> None:
    said = door.call("sten", "POST", f"/documents/{uuid4()}/withdrawal", json={"reason": "because"})
    assert said.status_code == 404


def test_a_dataset_that_may_not_be_stored_here_takes_no_byte(door: Door) -> None:
    door.nation.dataset("abroad", store_in=["FR"], process_in=["FR"])
    said = door.call("sten", "POST", "/documents", params={"dataset": "abroad", "name": "a.txt"}, content=b"a")
    assert said.status_code == 404
    assert not (door.hub.settings.incoming_dir.parent / "objects").exists()


def test_a_steward_reads_no_passage_and_asks_nothing(door: Door) -> None:
    assert UUID(str(door.nation.document_of("rules.md")))
    for path in ("/questions", "/search"):
        said = door.call("sten", "POST", path, json={"question": FINE, "query": FINE, "purpose": "research"})
        assert (said.status_code, said.json()["type"].rpartition("/")[2]) == (403, "not-allowed")
