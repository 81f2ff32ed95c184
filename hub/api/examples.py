"""One example of every answer and parameter, for the OpenAPI document; a test holds each against its schema."""

from typing import Any, Final

_TIME: Final = "2026-03-01T09:30:00Z"
_IDS: Final = [f"{number}2f4c1de-6f0e-4c1b-9d55-0a4f2b7c8e9{number}" for number in range(6)]
_HARBOUR: Final = {"slug": "harbour-notices", "title": "Harbour Notices"}
_PASSAGE: Final[dict[str, Any]] = {
    "id": _IDS[0],
    "body": "Inside the breakwaters no boat may go faster than five knots.",
    "heading": "Harbour rules > Speed",
    "first_page": 2,
    "last_page": 2,
    "span": [1204, 1265],
    "document": {
        "id": _IDS[1],
        "name": "harbour-rules.pdf",
        "media_type": "application/pdf",
        "version": 1,
        "published_at": _TIME,
    },
    "dataset": _HARBOUR,
    "classification": "public",
    "store_in": ["DE"],
    "process_in": ["EU"],
    "charged": 61,
    "shown": True,
}
_TURN: Final = {
    "id": _IDS[2],
    "conversation_id": _IDS[3],
    "asked_at": _TIME,
    "purpose": "research",
    "question": "How fast may boats go in the harbour?",
    "outcome": "answered",
    "kind": None,
}
_ANSWER: Final = {
    "id": _IDS[2],
    "conversation_id": _IDS[3],
    "text": "Inside the breakwaters no boat may go faster than five knots. [1]",
    "label": "public",
    "process_in": ["EU"],
    "citations": [{"number": 1, "quote": "no boat may go faster than five knots", "passage_id": _IDS[0]}],
    "passages": [_PASSAGE],
    "left_out": 0,
    "apart": 0,
    "cut": False,
}
_SERVICE: Final = {
    "slug": "tide-watch",
    "name": "Tide watch",
    "organisation": "tidewise",
    "jurisdiction": "DE",
    "clearance": "internal",
    "client": "hub-service-tide-watch",
    "opened_at": _TIME,
    "key_made_at": _TIME,
    "removed_at": None,
}
_KEY: Final = {
    "client": "hub-service-tide-watch",
    "key": "shown-once-and-kept-by-the-program-alone",
    "issuer": "https://id.example.org/realms/hub",
}
_CARD: Final[dict[str, Any]] = {
    **_HARBOUR,
    "description": "What the port announces.",
    "owner": {"slug": "water-board", "name": "Water Board"},
    "listed": True,
    "classification": "public",
    "store_in": ["DE"],
    "process_in": ["EU"],
    "access_from": ["EU"],
    "forbidden_legal_control": [],
    "forbidden_model_origins": [],
    "purposes": ["research"],
    "documents": 12,
    "pages": 40,
    "media_types": ["application/pdf", "text/plain"],
    "languages": ["english", "german"],
    "sample_questions": ["How fast may boats go in the harbour?"],
    "access": {"granted": True, "purposes": ["research"], "ends_at": _TIME, "characters_left": 20_000},
    "may_manage": False,
}
_SITE: Final = {"name": "main", "jurisdiction": "DE"}
_PLACE: Final = {"place": "store", "kind": "store", "jurisdiction": "DE", "allowed": True, "rules": []}
_BOARD_ROW: Final[dict[str, Any]] = {
    **{name: _CARD[name] for name in ("slug", "title", "classification", "store_in", "process_in", "access_from")},
    "forbidden_legal_control": [],
    "forbidden_model_origins": [],
    "cells": {
        "stored": [_PLACE],
        "processed": [{**_PLACE, "place": "worker", "kind": "worker"}],
        "accessed": [
            {
                "jurisdiction": "US",
                "people": 1,
                "allowed": False,
                "rules": ["query.person-outside-access-from"],
                "refused_this_month": 2,
            }
        ],
    },
    "refused_this_month": 2,
    "out_of_place": 0,
}
_RULING: Final = {
    "datasets": [_HARBOUR],
    "permitted": True,
    "rules": ["query.under-grant"],
    "reasons": ["A live grant for this purpose covers the dataset."],
}
_EVENT: Final[dict[str, Any]] = {
    "id": 4711,
    "at": _TIME,
    "type": "question.answered",
    "actor": {"kind": "person", "id": _IDS[4], "name": "Ada Lind"},
    "object": "question",
    "datasets": [_HARBOUR],
    "detail": {"label": "public"},
    "agent": None,
    "decision": {"id": _IDS[5], "purpose": "research", "policy_version": "3f1d8a90c2b4e6f7", "rulings": [_RULING]},
}
_PART: Final = {
    "name": "api",
    "state": "up",
    "since": _TIME,
    "restarts": 0,
    "memory_bytes": 150_000_000,
    "walls": {"filter": True, "namespace": True},
    "missing": [],
}
_FILE: Final = {"name": "harbour-rules.pdf", "state": "published", "reason": None}

#: Operation → what it answers when all is well.
_METER: Final[dict[str, Any]] = {
    "dataset": "harbour-notices",
    "title": "Harbour Notices",
    "characters_left": 1_200,
    "window_characters": 8_000,
    "refills_at": _TIME,
    "matters": True,
}
_STEP_UP: Final[dict[str, Any]] = {
    "id": _IDS[0],
    "dataset": "harbour-notices",
    "title": "Harbour Notices",
    "person": "Ada Lind",
    "purpose": "research",
    "characters": 20_000,
    "reason": "A review of ten years.",
    "asked_at": _TIME,
    "decided_at": None,
    "granted": None,
    "weighed": {
        "organisation": "Coast Institute",
        "dataset_characters": 80_000,
        "characters_read": 7_900,
        "reachable_now": 8_000,
        "reachable_then": 28_000,
    },
}
_ALERT: Final[dict[str, Any]] = {
    "id": _IDS[0],
    "kind": "bait",
    "person": "Ada Lind",
    "dataset": "harbour-notices",
    "disclosure_id": _IDS[1],
    "evidence": {"documents": [_IDS[2]], "passages": 1},
    "raised_at": _TIME,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "note": None,
}
_REACH: Final[dict[str, Any]] = {
    "characters": 80_000,
    "window_s": 86_400,
    "account_in_a_window": 8_000,
    "account_ever": 20_000,
    "organisation_ever": 20_000,
    "together_ever": 40_000,
    "together_read": 1_265,
    "ceiling_share": 0.5,
    "full_share": None,
    "copied": 0,
    "copied_closed": 0,
}
_EFFECT: Final[dict[str, Any]] = {
    **_HARBOUR,
    "breaks": True,
    "documents": 12,
    "versions": 15,
    "out_of_place": True,
    "already_out_of_place": False,
    "refusing": [
        {
            "rule": "ingest.store-outside-store-in",
            "reason": "The object store does not stand where the dataset may be stored.",
            "door": "object",
            "tag": "store_in",
            "place": "store",
            "already": False,
        }
    ],
    "stranded": [{"jurisdiction": "FR", "people": 2, "held": 2}],
    "endpoints": [],
}
_EXPLANATION: Final[dict[str, Any]] = {
    "permitted": False,
    "rules": [
        {
            "rule": "query.person-outside-access-from",
            "reason": "The person's place is not among those the dataset may be accessed from.",
        }
    ],
    "facts": [{"fact": "person.place", "value": "US"}, {"fact": "dataset.access_from", "value": "DE"}],
    "remedies": [
        {
            "rule": "query.person-outside-access-from",
            "change": "The person asks from DE, or the owner adds US to access_from.",
        }
    ],
}
ANSWERS: Final[dict[str, Any]] = {
    "POST /residency/preview": {"items": [_EFFECT]},
    "POST /datasets/{slug}/preview": _EFFECT,
    "GET /residency/explanations": _EXPLANATION,
    "GET /datasets/{slug}/explanations": _EXPLANATION,
    "GET /residency/findings": {
        "items": [
            {
                "kind": "object",
                "object": "0f" * 32,
                "held": 1,
                "datasets": [_HARBOUR],
                "place": "store",
                "door": "object",
                "tag": "store_in",
                "rule": "ingest.store-outside-store-in",
                "reason": "The object store does not stand where the dataset may be stored.",
                "found_at": _TIME,
                "seen_at": _TIME,
            }
        ]
    },
    "GET /residency/report": {"report": {}, "sha256": "0" * 64, "made_at": _TIME},
    "GET /health": {"status": "ok", "parts": {"database": True, "model": True}},
    "POST /agents": {"token": "eyJhbGciOi.eyJpc3MiOi.c2lnbmVk", "ends_at": _TIME, "purpose": "research"},
    "GET /me": {
        "id": _IDS[4],
        "slug": "ada",
        "name": "Ada Lind",
        "organisation": {"slug": "coast-institute", "name": "Coast Institute"},
        "jurisdiction": "DE",
        "clearance": "secret",
        "roles": ["researcher"],
        "purposes": ["research"],
        "grants": [{"dataset": "rivers", "title": "Rivers", "purpose": "research", "ends_at": _TIME}],
        "token_ends_at": _TIME,
        "site": _SITE,
        "sealed": True,
        "unsealed_because": [],
    },
    "GET /system": {
        "endpoints": [
            {
                "name": "main-endpoint",
                "jurisdiction": "DE",
                "models": [{"name": "granite-4-nano", "kind": "chat", "origins": ["US"], "known": True}],
            }
        ],
        "site": _SITE,
        "state": "up",
        "since": _TIME,
        "parts": [_PART],
        "memory_bytes": 1_900_000_000,
        "served": ["public", "internal", "restricted", "secret"],
        "advice": [],
        "versions": {"sovereign-data-hub": "0.1.0"},
    },
    "GET /questions": {"items": [_TURN], "next": None},
    "GET /questions/{turn_id}": {"turn": _TURN, "answer": _ANSWER, "gone": False},
    "POST /search": {
        "items": [_PASSAGE],
        "left_out": 0,
        "facets": {
            "datasets": [{**_HARBOUR, "count": 7}],
            "media_types": [{"value": "application/pdf", "count": 7}],
        },
        "refusal": None,
    },
    "GET /passages/{passage_id}": _PASSAGE,
    "GET /passages/{passage_id}/page/cost": {
        "page": 2,
        "first_page": 2,
        "last_page": 2,
        "characters": 1_800,
        "characters_left": 20_000,
        "fits": True,
        "refills_at": None,
    },
    "GET /datasets": {"items": [_CARD], "next": None},
    "POST /datasets": {**_CARD, "may_manage": True},
    "GET /datasets/{slug}": _CARD,
    "GET /datasets/{slug}/ceiling": _REACH,
    "GET /budget": {"items": [_METER]},
    "POST /step-ups": {"items": [_STEP_UP]},
    "GET /step-ups": {"items": [_STEP_UP]},
    "GET /step-ups/waiting": {"items": [_STEP_UP]},
    "GET /alerts": {"items": [_ALERT]},
    "PATCH /datasets/{slug}/ceiling": _REACH,
    "PATCH /datasets/{slug}": {**_CARD, "may_manage": True},
    "GET /datasets/{slug}/effect": {"documents": 12},
    "GET /documents": {
        "items": [
            {
                **_FILE,
                "id": _IDS[1],
                "version": 1,
                "media_type": "application/pdf",
                "pages": 4,
                "size_bytes": 120_000,
                "submitted_at": _TIME,
                "settled_at": _TIME,
                "tags": {
                    "classification": "secret",
                    "store_in": None,
                    "process_in": None,
                    "access_from": ["DE"],
                    "forbidden_legal_control": None,
                },
                "out_of_place": [],
            }
        ],
        "next": None,
    },
    "POST /documents": {"submission_id": _IDS[3], "document_id": _IDS[1], "unchanged": False, "size_bytes": 120_000},
    "GET /documents/submissions/{submission_id}": {
        "files": 1,
        "unchanged": 0,
        "published": 1,
        "held": 0,
        "refused": 0,
        "waiting": 0,
        "pages": 4,
        "started_at": _TIME,
        "outcomes": [_FILE],
    },
    "GET /residency": {
        "datasets": [_BOARD_ROW],
        "places": [
            {"name": "store", "kind": "store", "jurisdiction": "DE", "operator": "water-board", "legal_control": ["DE"]}
        ],
        "since": "2026-03-01T00:00:00Z",
    },
    "GET /residency/violations": {
        "items": [
            {
                "at": _TIME,
                "door": "session",
                "rule": "query.person-outside-access-from",
                "reason": "The person's place is not among those the dataset may be accessed from.",
                "tag": "access_from",
                "place": "US",
                "datasets": [_HARBOUR],
                "who": "Ada Lind",
            }
        ],
        "next": None,
    },
    "GET /service-accounts": {"items": [_SERVICE]},
    "POST /service-accounts": _KEY,
    "POST /service-accounts/{service}/key": _KEY,
    "GET /audit": {"items": [_EVENT], "next": None},
}
#: Parameter → a value of it.
PARAMETERS: Final[dict[str, Any]] = {
    "person": "ada",
    "service": "tide-watch",
    **dict(
        zip(("passage_id", "document_id", "turn_id", "submission_id", "step_up_id", "alert_id"), _IDS, strict=False)
    ),
    "submission": _IDS[3],
    "slug": "harbour-notices",
    "dataset": "harbour-notices",
    "name": "2026/harbour-rules.pdf",
    "purpose": "research",
    "page": 2,
    "mark": "five knots",
    "reason": "The monthly look at refusals",
    "type": ["question.refused"],
    "actor": "ada",
    "door": "session",
    "classification": "restricted",
    **{tag: ["DE"] for tag in ("store_in", "process_in", "access_from")},
    "forbidden_legal_control": ["US"],
    "forbidden_model_origins": ["CN"],
    "since": "2026-03-01T00:00:00Z",
    "until": "2026-04-01T00:00:00Z",
    "cursor": "eyJpZCI6NDcxMX0",
    "limit": 20,
    "format": "json",
    "language": "en",
}
