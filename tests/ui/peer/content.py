"""What the stub of the API holds: shapes of the contract, filled."""

from typing import Any

BODY = (
    "Norderfleth lies where the river meets the sea. The first gauge was a painted board on the pier, read by the "
    "harbour master at noon and in the evening, and written into a book that is kept in the town's archive. In 1936 it "
    "gave way to a float in a well, which drew its own curve on paper and needed a visit once a week only. The paper "
    "rolls survive but for the winter of 1945. In 1974 the float was joined by a pressure sensor, and for eleven years "
    "both were read side by side; the difference never passed two centimetres.\n\n"
    "The tide gauge at Norderfleth was moved in 1998. Since then the mean high water has risen by 3.1 millimetres a "
    "year, measured against the reference of 1961.\n\nThe gauge is read every ten minutes; storms are marked by hand."
)
QUOTE = "the mean high water has risen by 3.1 millimetres a year"
HOSTILE = "<img src=x onerror=alert(1)> ![p](https://evil.example/p.png) [link](https://evil.example) :smile: **bold**"

PASSAGE: dict[str, Any] = {
    "id": "p1",
    "body": BODY,
    "heading": "Gauges > Norderfleth",
    "first_page": 3,
    "last_page": 3,
    "span": [120, 380],
    "document": {
        "id": "d1",
        "name": "Gauge report 2024.pdf",
        "media_type": "application/pdf",
        "version": 2,
        "published_at": "2026-03-02T09:30:00Z",
    },
    "dataset": {"slug": "tide-gauges", "title": "Tide Gauges"},
    "classification": "internal",
    "process_in": ["DE", "FR"],
    "store_in": ["DE"],
    "charged": 240,
}
PLAIN: dict[str, Any] = {
    **PASSAGE,
    "id": "p2",
    "body": f"Dikes are inspected twice a year. {HOSTILE}",
    "heading": None,
    "first_page": None,
    "last_page": None,
    "document": {**PASSAGE["document"], "id": "d2", "name": "dikes.md", "media_type": "text/markdown", "version": 1},
    "dataset": {"slug": "dikes", "title": f"Dikes {HOSTILE}"},
    "classification": "restricted",
    "charged": 33,
}
ANSWER: dict[str, Any] = {
    "id": "q1",
    "conversation_id": "c1",
    "text": f"Since 1998 {QUOTE} [1]. Dikes are inspected twice a year [2]. {HOSTILE}",
    "label": "restricted",
    "process_in": ["DE"],
    "citations": [
        {"number": 1, "quote": QUOTE, "passage_id": "p1"},
        {"number": 2, "quote": "Dikes are inspected twice a year.", "passage_id": "p2"},
    ],
    "passages": [PASSAGE, PLAIN],
    "left_out": 2,
}
REFUSAL: dict[str, Any] = {
    "id": "q2",
    "conversation_id": "c1",
    "kind": "nothing-found",
    "message": "I found nothing.",
    "refills_at": None,
    "datasets_to_request": [{"slug": "dikes", "title": "Dikes"}],
}
BUDGET: dict[str, Any] = {
    **REFUSAL,
    "id": "q3",
    "kind": "budget",
    "refills_at": "2026-12-01T00:00:00Z",
    "datasets_to_request": [],
}


def dataset(slug: str, title: str, classification: str, *, granted: bool, manage: bool = False) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": title,
        "description": f"What {title} holds: readings, reports and tables since 1961, in two languages.",
        "owner": {"slug": "water-board", "name": "Water Board"},
        "listed": True,
        "classification": classification,
        "store_in": ["DE"],
        "process_in": ["DE", "FR"],
        "access_from": ["DE", "FR", "NL"],
        "forbidden_legal_control": ["US"],
        "purposes": ["research", "statistics"],
        "documents": 12,
        "pages": 140,
        "media_types": ["application/pdf", "text/markdown"],
        "languages": ["en", "de"],
        "sample_questions": ["How fast does the mean high water rise?", "When was the gauge moved?"],
        "access": {
            "granted": granted,
            "purposes": ["research"] if granted else [],
            "ends_at": "2026-12-31T23:00:00Z" if granted else None,
            "characters_left": 48_200 if granted else None,
        },
        "may_manage": manage,
    }


def datasets(slug: str) -> list[dict[str, Any]]:
    reader = slug in {"ada", "luc"}
    return [
        dataset("tide-gauges", "Tide Gauges", "internal", granted=reader, manage=slug == "sten"),
        dataset("dikes", "Dikes and Barriers", "restricted", granted=reader, manage=slug == "sten"),
        dataset("harbour-days", "Harbour Days", "public", granted=True),
        dataset("storm-plans", "Storm Plans", "secret", granted=False),
    ]


DOCUMENTS: list[dict[str, Any]] = [
    {
        "id": f"d{number}",
        "name": name,
        "state": state,
        "reason": reason,
        "media_type": "application/pdf",
        "pages": pages,
        "size_bytes": 120_000,
        "version": 1,
        "submitted_at": "2026-11-20T08:00:00Z",
        "settled_at": None,
        "tags": {"classification": "secret", "access_from": ["DE"]} if state == "published" else None,
        "out_of_place": ["ingest.store-outside-store-in"] if state == "published" else [],
    }
    for number, (name, state, reason, pages) in enumerate(
        [
            ("Gauge report 2024.pdf", "published", None, 14),
            ("Secret plans.pdf", "refused", "encrypted", None),
            ("Table.xlsx", "refused", "unsupported: application/vnd.ms-excel", None),
            ("Letter.pdf", "held", "marked: A marking printed in it asks for secret at least.", 2),
            ("Minutes.docx", "quarantined", None, None),
        ]
    )
]

RULING = {
    "datasets": [{"slug": "storm-plans", "title": "Storm Plans"}],
    "permitted": False,
    "rules": ["query.clearance-too-low"],
    "reasons": ["The person's clearance is below the dataset's classification."],
}
EVENTS: list[dict[str, Any]] = [
    {
        "id": 100 - number,
        "at": f"2026-11-21T0{number % 9}:15:00Z",
        "type": kind,
        "actor": {"kind": "person", "id": "x", "name": name},
        "object": "turn:q1",
        "datasets": [{"slug": "storm-plans", "title": "Storm Plans"}],
        "detail": {"characters": 240},
        "decision": {"id": "dec", "purpose": "research", "policy_version": "a1b2c3d4e5f6a7b8", "rulings": [RULING]}
        if kind.startswith("question")
        else None,
    }
    for number, (kind, name) in enumerate(
        [("question.answered", "Ada Lind"), ("question.refused", "Mia Sander"), ("document.published", "Sten Brandt")]
        * 4
    )
]


def _cell(place: str, kind: str, jurisdiction: str, *, allowed: bool) -> dict[str, Any]:
    rules = [] if allowed else ["ingest.store-outside-store-in"]
    return {"place": place, "kind": kind, "jurisdiction": jurisdiction, "allowed": allowed, "rules": rules}


VIOLATIONS: list[dict[str, Any]] = [
    {
        "at": "2026-11-21T00:15:00Z",
        "door": "session",
        "rule": "query.person-outside-access-from",
        "reason": "The person's place is not among those the dataset may be accessed from.",
        "tag": "access_from",
        "place": "US",
        "datasets": [{"slug": "storm-plans", "title": "Storm Plans"}],
        "who": "=Luc Moreau",
    },
    {
        "at": "2026-11-20T09:00:00Z",
        "door": "object",
        "rule": "ingest.store-outside-store-in",
        "reason": "The object store does not stand where the dataset may be stored.",
        "tag": "store_in",
        "place": "paris-store",
        "datasets": [{"slug": "harbour-notices", "title": "Harbour Notices"}],
        "who": "worker:main",
    },
]
BOARD: dict[str, Any] = {
    "datasets": [
        {
            "slug": slug,
            "title": title,
            "classification": level,
            "store_in": ["DE"],
            "process_in": ["DE"],
            "access_from": ["DE", "FR"],
            "refused_this_month": refused + 1,
            "cells": {
                "stored": [
                    _cell("berlin-store", "store", "DE", allowed=True),
                    _cell("paris-store", "store", "FR", allowed=slug == "harbour-days"),
                    _cell("berlin-district-archive-database", "database", "DE", allowed=True),
                ],
                "processed": [_cell("berlin-model", "endpoint", "DE", allowed=True)],
                "accessed": [
                    {"jurisdiction": "DE", "people": 5, "allowed": True, "rules": [], "refused_this_month": 1},
                    {
                        "jurisdiction": "US",
                        "people": 1,
                        "allowed": False,
                        "rules": ["query.person-outside-access-from"],
                        "refused_this_month": refused,
                    },
                ],
            },
        }
        for slug, title, level, refused in (
            ("tide-gauges", "Tide Gauges", "internal", 0),
            ("storm-plans", "Storm Plans", "secret", 4),
            ("harbour-days", "Harbour Days", "public", 0),
        )
    ],
    "places": [
        {
            "name": "berlin-store",
            "kind": "store",
            "jurisdiction": "DE",
            "operator": "Hub Office",
            "legal_control": ["DE"],
        },
        {
            "name": "berlin-model",
            "kind": "endpoint",
            "jurisdiction": "DE",
            "operator": "Hub Office",
            "legal_control": [],
        },
    ],
}
PROGRAMS: list[dict[str, Any]] = [
    {
        "slug": slug,
        "name": slug.title(),
        "organisation": "tidewise",
        "jurisdiction": "DE",
        "clearance": "internal",
        "client": f"hub-service-{slug}",
        "opened_at": "2026-11-01T08:00:00Z",
        "key_made_at": "2026-11-01T08:00:00Z",
        "removed_at": removed_at,
    }
    for slug, removed_at in (("tide-watch", None), ("wind-watch", "2026-11-20T08:00:00Z"))
]
KEY = {"client": "hub-service-tide-watch", "key": "the-first-key", "issuer": "https://id.example.org/realms/hub"}
SYSTEM: dict[str, Any] = {
    "endpoints": [
        {
            "name": name,
            "jurisdiction": place,
            "models": [{"name": model, "kind": "chat", "origins": origins, "known": known}],
        }
        for name, place, model, origins, known in (
            ("main-endpoint", "DE", "granite", ["US"], True),
            ("far-endpoint", "FR", "stranger", [], False),
        )
    ],
    "parts": [
        {
            "name": name,
            "state": "running",
            "memory_bytes": memory,
            "restarts": 0,
            "walls": {"families": ["AF_UNIX"], "interfaces": 0, "no_new_privs": True},
            "missing": missing,
        }
        for name, memory, missing in (
            ("api", 71_000_000, []),
            ("ui", 234_000_000, []),
            ("model", 600_000_000, ["network namespace"]),
        )
    ],
    "site": {"name": "Berlin", "jurisdiction": "DE"},
    "versions": {"hub": "0.1.0", "postgres": "18.6"},
    "state": "up",
    "since": None,
    "served": ["public", "internal"],
    "advice": [],
    "memory_bytes": 1_400_000_000,
}
METER: dict[str, Any] = {
    "dataset": "tide-gauges",
    "title": "Tide Gauges",
    "characters_left": 1_240,
    "window_characters": 20_000,
    "refills_at": "2026-12-01T00:00:00Z",
    "matters": True,
}
STEP_UP: dict[str, Any] = {
    "id": "m1",
    "dataset": "tide-gauges",
    "title": "Tide Gauges",
    "person": "Ada Lind",
    "purpose": "research",
    "characters": 20_000,
    "reason": "A review of thirty years of high water, due in March.",
    "asked_at": "2026-11-21T08:00:00Z",
    "decided_at": None,
    "granted": None,
    "weighed": {
        "organisation": "Coast Institute",
        "dataset_characters": 480_000,
        "characters_read": 18_760,
        "reachable_now": 40_000,
        "reachable_then": 60_000,
    },
}
REACH: dict[str, Any] = {
    "characters": 480_000,
    "window_s": 86_400,
    "account_in_a_window": 20_000,
    "account_ever": 40_000,
    "organisation_ever": 120_000,
    "together_ever": 240_000,
    "together_read": 18_760,
    "ceiling_share": 0.5,
    "full_share": None,
    "copied": 0,
    "copied_closed": 0,
}
ALERTS: list[dict[str, Any]] = [
    {
        "id": "a1",
        "kind": "bait",
        "person": "Mia Sander",
        "dataset": "tide-gauges",
        "disclosure_id": "x1",
        "evidence": {"documents": ["d9"], "passages": 1},
        "raised_at": "2026-11-21T08:00:00Z",
        "acknowledged_at": None,
        "acknowledged_by": None,
        "note": None,
    },
    {
        "id": "a2",
        "kind": "novelty",
        "person": "Luc Perrin",
        "dataset": "dikes",
        "disclosure_id": "x2",
        "evidence": {"passages": 60, "new": 58, "characters": 12_400},
        "raised_at": "2026-11-20T08:00:00Z",
        "acknowledged_at": "2026-11-20T09:00:00Z",
        "acknowledged_by": "Anton Weiss",
        "note": "Asked him: a planned review of all inspections.",
    },
]

EFFECT: dict[str, Any] = {
    "slug": "storm-plans",
    "title": "Storm Plans",
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
            "place": "berlin-store",
            "already": False,
        },
        {
            "rule": "query.person-outside-access-from",
            "reason": "The person's place is not among those the dataset may be accessed from.",
            "door": "session",
            "tag": "access_from",
            "place": "US",
            "already": True,
        },
    ],
    "stranded": [{"jurisdiction": "FR", "people": 2, "held": 3}],
    "endpoints": ["berlin-model"],
}
HARMLESS: dict[str, Any] = {
    **EFFECT, "breaks": False, "out_of_place": False, "refusing": [], "stranded": [], "endpoints": []
}  # fmt: skip
EXPLANATION: dict[str, Any] = {
    "permitted": False,
    "rules": [
        {
            "rule": "query.person-outside-access-from",
            "reason": "The person's place is not among those the dataset may be accessed from.",
        },
        {"rule": "query.of-tomorrow", "reason": "A rule this screen does not know."},
    ],
    "facts": [
        {"fact": "dataset.classification", "value": "secret"},
        {"fact": "dataset.access_from", "value": "DE, FR"},
        {"fact": "endpoint", "value": "berlin-model in DE, under the law of DE"},
        {"fact": "person", "value": "luc"},
        {"fact": "person.place", "value": "US"},
        {"fact": "person.clearance", "value": "secret"},
        {"fact": "grant for research", "value": "none"},
    ],
    "remedies": [
        {"rule": "default-deny", "change": "The owner gives a grant for research; there is no live one."},
        {"rule": "query.of-tomorrow", "change": "Ask again tomorrow."},
    ],
}
FINDINGS: list[dict[str, Any]] = [
    {
        "kind": kind,
        "object": name,
        "held": held,
        "datasets": [{"slug": "storm-plans", "title": "Storm Plans"}] if kind != "file" else [],
        "place": "paris-store",
        "door": "object",
        "tag": "store_in",
        "rule": "ingest.store-outside-store-in" if kind != "file" else "default-deny",
        "reason": "The object store does not stand where the dataset may be stored.",
        "found_at": "2026-11-20T02:17:00Z",
        "seen_at": "2026-11-21T02:17:00Z",
    }
    for kind, name, held in (
        ("object", "0f" * 32, 1),
        ("chunks", "2f4c1de0-6f0e-4c1b-9d55-0a4f2b7c8e91", 240),
        ("backup", "hub-20261120T010000Z.dump", 1),
        ("file", "stray.dump", 1),
    )
]
REVIEW: dict[str, Any] = {"by": "Sten Brandt", "at": "2026-11-20T08:00:00Z", "current": True}
PUBLIC: dict[str, Any] = {
    "digest": "0f" * 32,
    "items": [
        {"name": name, "what": f"{name}.", "sees": sees, "source": "counted", "value": value}
        for name, sees, value in (
            ("title", "card", "Tide Gauges"),
            (
                "description",
                "card",
                "What Tide Gauges holds: readings, reports and tables since 1961, in two languages.",
            ),
            ("sample_questions", "card", ["How fast does the mean high water rise?", "When was the gauge moved?"]),
            ("listed", "card", True),
            ("slug", "card", "tide-gauges"),
            ("owner", "card", f"Water Board {HOSTILE}"),
            ("classification", "card", "internal"),
            ("store_in", "card", ["DE"]),
            ("access_from", "card", ["DE", "FR", "NL"]),
            ("forbidden_model_origins", "card", []),
            ("purposes", "card", ["research", "statistics"]),
            ("documents", "card", 1_240),
            ("media_types", "card", ["application/pdf", "text/markdown"]),
            ("document_name", "grant", None),
            ("page_numbers", "grant", None),
            ("hits", "grant", None),
            ("brand_new", "grant", None),
            ("document_state", "steward", None),
            ("document_size", "steward", None),
        )
    ],
}
