"""Things of one small hub, as the API says them."""

from typing import Any, Final

TIME: Final = "2026-03-01T09:30:00Z"
IDS: Final = [f"{number}2f4c1de-6f0e-4c1b-9d55-0a4f2b7c8e9{number}" for number in range(6)]
HARBOUR: Final = {"slug": "harbour-notices", "title": "Harbour Notices"}
PASSAGE: Final[dict[str, Any]] = {
    "id": IDS[0],
    "body": "Inside the breakwaters no boat may go faster than five knots.",
    "heading": "Harbour rules > Speed",
    "first_page": 2,
    "last_page": 2,
    "span": [1204, 1265],
    "document": {
        "id": IDS[1],
        "name": "harbour-rules.pdf",
        "media_type": "application/pdf",
        "version": 1,
        "published_at": TIME,
    },
    "dataset": HARBOUR,
    "classification": "public",
    "store_in": ["DE"],
    "process_in": ["EU"],
    "charged": 61,
    "shown": True,
}
TURN: Final = {
    "id": IDS[2],
    "conversation_id": IDS[3],
    "asked_at": TIME,
    "purpose": "research",
    "question": "How fast may boats go in the harbour?",
    "outcome": "answered",
    "kind": None,
}
ANSWER: Final = {
    "id": IDS[2],
    "conversation_id": IDS[3],
    "text": "Inside the breakwaters no boat may go faster than five knots. [1]",
    "label": "public",
    "process_in": ["EU"],
    "citations": [{"number": 1, "quote": "no boat may go faster than five knots", "passage_id": IDS[0]}],
    "passages": [PASSAGE],
    "left_out": 0,
    "apart": 0,
    "cut": False,
}
SERVICE: Final = {
    "slug": "tide-watch",
    "name": "Tide watch",
    "organisation": "tidewise",
    "jurisdiction": "DE",
    "clearance": "internal",
    "client": "hub-service-tide-watch",
    "opened_at": TIME,
    "key_made_at": TIME,
    "removed_at": None,
}
KEY: Final = {
    "client": "hub-service-tide-watch",
    "key": "shown-once-and-kept-by-the-program-alone",
    "issuer": "https://id.example.org/realms/hub",
}
CARD: Final[dict[str, Any]] = {
    **HARBOUR,
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
    "access": {"granted": True, "purposes": ["research"], "ends_at": TIME, "characters_left": 20_000},
    "may_manage": False,
}
SITE: Final = {"name": "main", "jurisdiction": "DE"}
PLACE: Final = {"place": "store", "kind": "store", "jurisdiction": "DE", "allowed": True, "rules": []}
BOARD_ROW: Final[dict[str, Any]] = {
    **{name: CARD[name] for name in ("slug", "title", "classification", "store_in", "process_in", "access_from")},
    "forbidden_legal_control": [],
    "forbidden_model_origins": [],
    "cells": {
        "stored": [PLACE],
        "processed": [{**PLACE, "place": "worker", "kind": "worker"}],
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
RULING: Final = {
    "datasets": [HARBOUR],
    "permitted": True,
    "rules": ["query.under-grant"],
    "reasons": ["A live grant for this purpose covers the dataset."],
}
EVENT: Final[dict[str, Any]] = {
    "id": 4711,
    "at": TIME,
    "type": "question.answered",
    "actor": {"kind": "person", "id": IDS[4], "name": "Ada Lind"},
    "object": "question",
    "datasets": [HARBOUR],
    "detail": {"label": "public"},
    "agent": None,
    "decision": {"id": IDS[5], "purpose": "research", "policy_version": "3f1d8a90c2b4e6f7", "rulings": [RULING]},
}
PART: Final = {
    "name": "api",
    "state": "up",
    "since": TIME,
    "restarts": 0,
    "memory_bytes": 150_000_000,
    "walls": {"filter": True, "namespace": True},
    "missing": [],
}
FILE: Final = {"name": "harbour-rules.pdf", "state": "published", "reason": None}

METER: Final[dict[str, Any]] = {
    "dataset": "harbour-notices",
    "title": "Harbour Notices",
    "characters_left": 1_200,
    "window_characters": 8_000,
    "refills_at": TIME,
    "matters": True,
}
STEP_UP: Final[dict[str, Any]] = {
    "id": IDS[0],
    "dataset": "harbour-notices",
    "title": "Harbour Notices",
    "person": "Ada Lind",
    "purpose": "research",
    "characters": 20_000,
    "reason": "A review of ten years.",
    "asked_at": TIME,
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
ALERT: Final[dict[str, Any]] = {
    "id": IDS[0],
    "kind": "bait",
    "person": "Ada Lind",
    "dataset": "harbour-notices",
    "disclosure_id": IDS[1],
    "evidence": {"documents": [IDS[2]], "passages": 1},
    "raised_at": TIME,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "note": None,
}
REACH: Final[dict[str, Any]] = {
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
PUBLIC_METADATA: Final[dict[str, Any]] = {
    "digest": "0f" * 32,
    "items": [
        {
            "name": "title",
            "what": "What people call the dataset.",
            "sees": "card",
            "source": "written",
            "value": "Harbour",
        },
        {
            "name": "document_name",
            "what": "The name and folder a file was handed in under.",
            "sees": "grant",
            "source": "file",
            "value": None,
        },
    ],
    "review": {"by": "Sten Brandt", "at": TIME, "current": True},
}
EFFECT: Final[dict[str, Any]] = {
    **HARBOUR,
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
EXPLANATION: Final[dict[str, Any]] = {
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
