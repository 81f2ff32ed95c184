"""The API's side of the wire, for tests of the screens: real HTTP on a UNIX socket, the contract's shapes, no hub."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from tests.ui.peer import content
from tests.ui.peer.people import PEOPLE, me

ASKED = {"conversation_id": "c1", "asked_at": "2026-11-21T08:00:00Z", "purpose": "research", "kind": None}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
ROUTES_OF = {
    "alerts": {"anton", "ines"},
    "residency": {"anton", "ines"},
    "audit": {"anton", "ines"},
    "system": {"anton", "ines"},
    "service-accounts": {"anton"},
}


@dataclass
class Said:
    """What the stub is told to do, and what it was asked."""

    calls: list[tuple[str, str, str]] = field(default_factory=list)
    headers: set[str] = field(default_factory=set)
    bodies: list[Any] = field(default_factory=list)
    #: `{"GET /datasets": (503, {...})}`: a problem instead of an answer.
    fails: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=lambda: content.ANSWER)
    found: dict[str, Any] | None = None
    meters: list[dict[str, Any]] = field(default_factory=list)
    step_ups: list[dict[str, Any]] = field(default_factory=list)
    reach: dict[str, Any] = field(default_factory=lambda: content.REACH)
    effect: dict[str, Any] = field(default_factory=lambda: content.EFFECT)
    review: dict[str, Any] | None = field(default_factory=lambda: content.REVIEW)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    empty: bool = False
    gone: bool = False
    breaks: bool = False
    pause_s: float = 0.0
    closed: threading.Event = field(default_factory=threading.Event)
    looks: int = 0


def problem(status: int, slug: str, **more: Any) -> tuple[int, dict[str, Any]]:
    base = "https://sovereign-data-hub.example/problems/"
    return status, {"type": base + slug, "title": slug, "status": status, "detail": "", "request_id": "r-1", **more}


def create(said: Said) -> FastAPI:  # noqa: C901, PLR0915  # one route after another
    app = FastAPI(openapi_url=None)

    @app.middleware("http")
    async def checked(request: Request, go: Any) -> Response:
        who = request.headers.get("authorization", "").removeprefix("Bearer ").partition(".")[0]
        path = request.url.path
        said.calls.append((who, request.method, path + (f"?{request.url.query}" if request.url.query else "")))
        said.headers |= set(request.headers)
        told = said.fails.get(f"{request.method} {path}")
        if who not in PEOPLE:
            told = problem(401, "signed-out")
        elif who not in ROUTES_OF.get(path.split("/")[1], {who}):
            told = problem(403, "not-allowed")
        if told:
            return JSONResponse(told[1], told[0], media_type="application/problem+json")
        request.state.who = who
        answer: Response = await go(request)
        return answer

    def page(items: list[Any]) -> dict[str, Any]:
        return {"items": [] if said.empty else items, "next": None}

    @app.get("/me")
    def _me(request: Request) -> Any:
        return said.people.get(request.state.who) or me(request.state.who)

    @app.get("/questions")
    def _history() -> Any:
        return page(
            [
                {
                    **ASKED,
                    "id": "q2",
                    "question": "Who pays for the dikes?",
                    "outcome": "refused",
                    "kind": "no-citation",
                },
                {**ASKED, "id": "q1", "question": "How fast does the water rise?", "outcome": "answered"},
            ]
        )

    @app.get("/questions/{one}")
    def _again(one: str) -> Any:
        turn = {**ASKED, "id": one, "question": "How fast does the water rise?", "outcome": "answered"}
        return {"turn": turn, "answer": None if said.gone else content.ANSWER, "gone": said.gone}

    @app.post("/questions")
    async def _ask(request: Request) -> Response:
        said.bodies.append(await request.json())

        async def events() -> AsyncIterator[str]:
            kind = "answer" if "text" in said.outcome else "refusal"
            told: list[tuple[str, dict[str, Any]]] = [
                ("stage", {"name": "looking", "count": 3}),
                ("stage", {"name": "reading", "count": 5}),
                ("stage", {"name": "writing", "count": None}),
                *(("piece", {"text": f"{word} "}) for word in "Since 1998 the water has risen".split()),
                *([] if said.breaks else [(kind, said.outcome)]),
            ]
            try:
                for name, data in told:
                    await asyncio.sleep(said.pause_s)
                    yield f"event: {name}\ndata: {json.dumps(data)}\n\n"
            finally:
                said.closed.set()

        return StreamingResponse(events(), media_type="text/event-stream")

    @app.post("/questions/{one}/feedback", status_code=204)
    async def _feedback(request: Request, one: str) -> None:
        said.bodies.append((one, await request.json()))

    @app.post("/search")
    async def _search(request: Request) -> Any:
        said.bodies.append(await request.json())
        if said.found is not None:
            return said.found
        return {
            "items": [content.PASSAGE, content.PLAIN],
            "left_out": 1,
            "facets": {
                "datasets": [
                    {"slug": "tide-gauges", "title": "Tide Gauges", "count": 3},
                    {"slug": "dikes", "title": "Dikes", "count": 1},
                ],
                "media_types": [{"value": "application/pdf", "count": 3}, {"value": "text/markdown", "count": 1}],
            },
            "refusal": None,
        }

    @app.get("/passages/{one}")
    def _passage(one: str) -> Any:
        return content.PASSAGE if one == "p1" else content.PLAIN

    @app.get("/passages/{one}/page")
    def _page(one: str) -> Response:
        return Response(PNG, media_type="image/png", headers={"X-Passage": one})

    @app.get("/datasets")
    def _datasets(request: Request) -> Any:
        return page(content.datasets(request.state.who))

    @app.post("/datasets", status_code=201)
    async def _create(request: Request) -> Any:
        told = await request.json()
        said.bodies.append(told)
        return content.dataset("water-board-new", told["title"], told["classification"], granted=False, manage=True)

    @app.get("/datasets/{slug}")
    def _dataset(request: Request, slug: str) -> Any:
        found = [one for one in content.datasets(request.state.who) if one["slug"] == slug]
        status, body = problem(404, "absent")
        return found[0] if found else JSONResponse(body, status, media_type="application/problem+json")

    @app.patch("/datasets/{slug}")
    async def _change(request: Request, slug: str) -> Any:
        said.bodies.append(await request.json())
        return content.dataset(slug, "Changed", "internal", granted=False, manage=True)

    @app.get("/datasets/{slug}/effect")
    def _effect(slug: str) -> Any:
        return {"documents": 12, "of": slug}

    @app.get("/datasets/{slug}/public-metadata")
    def _public(slug: str) -> Any:
        return {**content.PUBLIC, "review": said.review, "of": slug}

    @app.post("/datasets/{slug}/public-metadata/reviews", status_code=201)
    async def _look(request: Request, slug: str) -> Any:
        said.bodies.append((slug, await request.json()))
        said.review = content.REVIEW
        return {**content.PUBLIC, "review": said.review}

    @app.get("/documents")
    def _documents() -> Any:
        return page(content.DOCUMENTS)

    @app.post("/documents", status_code=202)
    async def _submit(request: Request) -> Any:
        size = sum([len(part) async for part in request.stream()])
        said.bodies.append((request.query_params["name"], size))
        return {"submission_id": "s1", "document_id": "d1", "unchanged": False, "size_bytes": size}

    @app.get("/documents/submissions/{one}")
    def _submission(one: str) -> Any:
        said.looks += 1
        waiting = max(0, 3 - said.looks)
        return {
            "id": one,
            "files": 3,
            "unchanged": 0,
            "published": 2 - min(2, waiting),
            "held": 0,
            "refused": 1 if not waiting else 0,
            "waiting": waiting,
            "pages": 20,
            "started_at": "2026-11-21T08:00:00Z",
            "outcomes": [{"name": "Secret plans.pdf", "state": "refused", "reason": "encrypted"}]
            if not waiting
            else [],
        }

    @app.post("/documents/{one}/{act}", status_code=204)
    async def _decide(request: Request, one: str, act: str) -> None:
        said.bodies.append((one, act, await request.json()))

    @app.get("/budget")
    def _budget() -> Any:
        return {"items": said.meters}

    @app.get("/step-ups")
    def _own_step_ups() -> Any:
        return {"items": said.step_ups}

    @app.post("/step-ups", status_code=202)
    async def _ask_for_more(request: Request) -> Any:
        said.bodies.append(await request.json())
        said.step_ups.insert(0, {**content.STEP_UP, **said.bodies[-1], "person": None, "weighed": None})
        return {"items": said.step_ups}

    @app.get("/step-ups/waiting")
    def _waiting() -> Any:
        return {"items": said.step_ups}

    @app.post("/step-ups/{one}/decision", status_code=204)
    async def _decide(request: Request, one: str) -> None:
        said.bodies.append((one, await request.json()))
        said.step_ups = [asked for asked in said.step_ups if asked["id"] != one]

    @app.get("/datasets/{slug}/ceiling")
    def _reach(slug: str) -> Any:
        return {**said.reach, "of": slug}

    @app.patch("/datasets/{slug}/ceiling")
    async def _ceiling(request: Request, slug: str) -> Any:
        said.bodies.append((slug, await request.json()))
        return said.reach

    @app.get("/alerts")
    def _alerts() -> Any:
        return {"items": [] if said.empty else content.ALERTS}

    @app.post("/alerts/{one}/acknowledgement", status_code=204)
    async def _acknowledge(request: Request, one: str) -> None:
        said.bodies.append((one, await request.json()))

    @app.get("/residency")
    def _residency() -> Any:
        return {"datasets": [], "places": []} if said.empty else content.BOARD

    @app.get("/residency/violations")
    def _violations(request: Request) -> Any:
        wanted = request.query_params.get("dataset")
        found = [one for one in content.VIOLATIONS if wanted in (None, one["datasets"][0]["slug"])]
        return {"items": [] if said.empty else found, "next": None}

    @app.get("/residency/findings")
    def _findings() -> Any:
        return {"items": [] if said.empty else content.FINDINGS}

    @app.post("/residency/preview")
    async def _preview(request: Request) -> Any:
        said.bodies.append(await request.json())
        return {"items": [] if said.empty else [said.effect]}

    @app.post("/datasets/{slug}/preview")
    async def _own_preview(request: Request, slug: str) -> Any:
        said.bodies.append((slug, await request.json()))
        return said.effect

    @app.get("/residency/explanations")
    @app.get("/datasets/{slug}/explanations")
    def _explanation(person: str) -> Any:
        status, body = problem(404, "absent")
        absent = JSONResponse(body, status, media_type="application/problem+json")
        return content.EXPLANATION if person == "luc" else absent

    @app.get("/residency/report")
    def _report(request: Request) -> Response:
        return Response(f"A report: {request.url.query}", media_type="text/html")

    @app.get("/audit")
    def _audit(request: Request) -> Any:
        further = None if said.empty or request.query_params.get("cursor") else "next"
        return {**page(content.EVENTS), "next": further}

    @app.post("/people/{person}/sign-out", status_code=204)
    def _sign_out(person: str) -> None:
        said.bodies.append((person, {"sign-out": True}))

    @app.get("/service-accounts")
    def _accounts() -> Any:
        return page(content.PROGRAMS)

    @app.post("/service-accounts", status_code=201)
    async def _open(request: Request) -> Any:
        said.bodies.append(("service-accounts", await request.json()))
        return content.KEY

    @app.post("/service-accounts/{one}/key")
    def _new_key(one: str) -> Any:
        said.bodies.append((one, {"key": True}))
        return {**content.KEY, "key": "the-second-key"}

    @app.post("/service-accounts/{one}/removal", status_code=204)
    def _remove(one: str) -> None:
        said.bodies.append((one, {"removal": True}))

    @app.get("/system")
    def _system() -> Any:
        return content.SYSTEM

    return app
