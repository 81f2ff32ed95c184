"""Every operation of the API with a request that is right in all its values: who may, gets an answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import uuid4

import httpx
from fastapi.testclient import TestClient

from hub.app import create_app, document
from tests.hub.api.conftest import AT_HOME, Door

FINE = "What is the fine for throwing waste into the basin?"
NEW: dict[str, Any] = {
    "title": "Tide Tables",
    "listed": True,
    "classification": "internal",
    "store_in": ["DE"],
    "process_in": ["EU"],
    "access_from": ["EU"],
    "purposes": ["research"],
}


@cache
def operations() -> frozenset[str]:
    """`METHOD /path` of each operation in the OpenAPI document, which is the app's (`test_openapi`)."""
    methods = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
    return frozenset(f"{m.upper()} {path}" for path, item in document()["paths"].items() for m in item if m in methods)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Things of Ada's that are there, by the name of the parameter that names them."""

    turn_id: str
    passage_id: str
    submission_id: str
    document_id: str
    step_up_id: str = ""
    alert_id: str = ""
    farewell: str = ""
    slug: str = "harbour"
    person: str = "gone"
    service: str = "no-service"
    held: tuple[str, ...] = ("", "")  # one to be released, one to be refused
    digest: str = "0" * 64  # of what is public of the dataset

    @classmethod
    def lay(cls, door: Door, dataset: str = "harbour", question: str = FINE) -> "Ground":
        """Ask as a researcher, hand a file in as a steward, and have a document that may be taken out."""
        _, answer = door.events("ada", question)[-1]
        params = {"dataset": dataset, "name": f"{uuid4()}.txt"}
        handed = door.call("sten", "POST", "/documents", params=params, content=b"words").json()
        door.nation.document(dataset, "loose.md", ["Ropes are kept in the third shed."])
        with door.nation.database.connect() as connection:
            asked = """INSERT INTO hub.step_ups (person_id, dataset_id, purpose, characters, reason)
                       SELECT p.id, d.id, 'research', 100, 'A test.' FROM hub.people p, hub.datasets d
                        WHERE p.slug = %s AND d.slug = %s
                       ON CONFLICT (person_id, dataset_id) WHERE decided_at IS NULL
                       DO UPDATE SET reason = excluded.reason RETURNING id"""
            ((step_up,),) = connection.execute(asked, ["mia", dataset]).fetchall()
            raised = """INSERT INTO hub.alerts (kind, person_id, dataset_id, disclosure_id, evidence)
                        SELECT 'bait', p.id, d.id, o.id, '{}' FROM hub.people p, hub.datasets d,
                               (SELECT id FROM hub.disclosures LIMIT 1) o
                         WHERE p.slug = %s AND d.slug = %s RETURNING id"""
            ((alert,),) = connection.execute(raised, ["mia", dataset]).fetchall()
        return cls(
            step_up_id=str(step_up),
            alert_id=str(alert),
            turn_id=answer["id"],
            passage_id=answer["citations"][0]["passage_id"],
            submission_id=handed["submission_id"],
            document_id=str(door.nation.document_of("loose.md")),
            slug=dataset,
            farewell=door.farewell("gone"),
            held=tuple(_held(door, dataset) for _ in range(2)),
            service=_service(door),
            digest=digest(door, "sten", dataset),
        )

    def path(self, operation: str) -> str:
        path = operation.partition(" ")[2]
        held = dict(zip(("release", "refusal"), self.held, strict=True)).get(path.rpartition("/")[2], self.document_id)
        return path.format(**{**self.__dict__, "document_id": held})

    def request(self, operation: str) -> dict[str, Any]:
        """What a right request to an operation carries."""
        bodies: dict[str, dict[str, Any]] = {
            "POST /questions": {"question": FINE, "purpose": "research"},
            "POST /questions/{turn_id}/feedback": {"useful": True, "note": "It helped."},
            "POST /agents": {"name": "reading-list", "purpose": "research"},
            "POST /service-accounts": {
                "slug": f"program-{uuid4().hex}",
                "name": "Tide watch",
                "organisation": "ministry",
                "jurisdiction": "DE",
            },
            "POST /search": {"query": FINE, "purpose": "research"},
            "POST /datasets": {**NEW, "title": f"Tides {uuid4().hex}"},
            "PATCH /datasets/{slug}": {"description": "Notices of the port."},
            "PATCH /datasets/{slug}/ceiling": {"share": 0.0001},
            "POST /datasets/{slug}/public-metadata/reviews": {"digest": self.digest},
            "POST /residency/preview": {"dataset": self.slug, "tags": {"store_in": ["FR"]}},
            "POST /datasets/{slug}/preview": {"store_in": ["FR"]},
            "POST /step-ups": {"dataset": self.slug, "purpose": "research", "characters": 10, "reason": "A test."},
            "POST /step-ups/{step_up_id}/decision": {"granted": False},
            "POST /alerts/{alert_id}/acknowledgement": {"note": "Asked them."},
            "POST /documents/{document_id}/withdrawal": {"reason": "Replaced."},
            "POST /documents/{document_id}/tags": {"classification": "secret"},
            "POST /documents/{document_id}/release": {"reason": "A test.", "tags": {"access_from": ["DE"]}},
            "POST /documents/{document_id}/refusal": {"reason": "A test."},
        }
        more: dict[str, dict[str, Any]] = {
            "POST /documents": {"params": {"dataset": self.slug, "name": f"{uuid4()}.txt"}, "content": b"words"},
            "POST /sessions/ended": {"data": {"logout_token": self.farewell}},
            "GET /documents": {"params": {"dataset": self.slug}},
            "GET /audit": {"params": {"reason": "A test looks at the acts"}},
            "GET /residency/explanations": {"params": {"dataset": self.slug, "person": "ada", "purpose": "research"}},
            "GET /datasets/{slug}/explanations": {"params": {"person": "ada", "purpose": "research"}},
            "GET /budget": {"params": {"purpose": "research"}},
        }
        if operation in bodies:
            return {"json": bodies[operation]}
        return more.get(operation, {"params": {"purpose": "research"}} if "/passages/" in operation else {})


def digest(door: Door, steward: str, dataset: str) -> str:
    """What is public of a dataset, as its steward sees it now."""
    return str(door.call(steward, "GET", f"/datasets/{dataset}/public-metadata").json()["digest"])


def _held(door: Door, dataset: str) -> str:
    """Hand a file in and have it held, as the worker would."""
    params = {"dataset": dataset, "name": f"{uuid4()}.txt"}
    handed = door.call("sten", "POST", "/documents", params=params, content=b"words").json()
    with door.nation.database.connect() as connection:
        hold = """UPDATE hub.document_versions SET state = 'held', reason = 'marked', settled_at = now()
                   WHERE document_id = %s"""
        connection.execute(hold, [handed["document_id"]])
    return str(handed["document_id"])


def _service(door: Door) -> str:
    slug = f"program-{uuid4().hex}"
    door.service(slug)
    return slug


def walk(
    door: Door, ground: Ground, named: Iterable[str], headers: dict[str, str]
) -> Iterator[tuple[str, httpx.Response]]:
    """Call each operation: what takes a document out last, the review before anything of it is changed."""
    for operation in sorted(named, key=lambda one: ("withdrawal" in one, "reviews" not in one, one)):
        method = operation.partition(" ")[0]
        more = ground.request(operation)
        yield operation, door.client.request(method, ground.path(operation), headers=headers, **more)


def kind(said: httpx.Response) -> tuple[int, str]:
    """Status and slug of a problem document."""
    return said.status_code, said.json()["type"].rpartition("/")[2]


def behind(door: Door, **changes: Any) -> Door:
    """The same API with a part of it changed."""
    hub = replace(door.hub, **changes)
    return replace(door, hub=hub, client=TestClient(create_app(hub, AT_HOME), raise_server_exceptions=False))
