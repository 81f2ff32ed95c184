"""What the report says, as plain values: the JSON form, from which the other forms are written, and its digest."""

import hashlib
import json
from typing import Any

from catalog.audit import RecordedEvent
from catalog.board import BoardRow, Cell, Origin
from catalog.ledger_names import Names
from catalog.places import Place
from catalog.policy.facts import reason
from catalog.report import Report
from catalog.scan import KeptFinding
from catalog.violations import Violation

Json = dict[str, Any]


def content(report: Report) -> Json:
    """Return what the report tells; equal facts give equal content, whenever it is made."""
    return {
        "hub": {"site": report.site.name, "jurisdiction": report.site.jurisdiction},
        "since": report.period.since.isoformat(),
        "until": report.period.until.isoformat(),
        "policy_version": report.policy_version,
        "cut": report.cut,
        "datasets": [_dataset(row) for row in report.datasets],
        "places": [_place(one) for one in report.places],
        "violations": [_violation(one, report.names) for one in report.violations],
        "findings": [_found(one, report.names) for one in report.findings],
        "changes": [_change(one, report.names) for one in report.changes],
    }


def digest(told: Json) -> str:
    """Return the SHA-256 of the content as compact JSON with sorted names, in UTF-8: `jq -jcS .report | sha256sum`."""
    whole = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def document(report: Report) -> Json:
    """Return the JSON form: the content, its digest, and when it was made."""
    told = content(report)
    return {"report": told, "sha256": digest(told), "made_at": report.made_at.isoformat()}


def person_or_part(actor: str, names: Names) -> str:
    """Return a person's name, and of the hub's own parts what the trail calls them."""
    kind, _, key = actor.partition(":")
    return names.people.get(key, key) if kind == "person" else actor


def _dataset(row: BoardRow) -> Json:
    return {
        "slug": row.slug,
        "title": row.title,
        "classification": row.classification,
        "store_in": list(row.store_in),
        "process_in": list(row.process_in),
        "access_from": list(row.access_from),
        "forbidden_legal_control": list(row.forbidden_legal_control),
        "forbidden_model_origins": list(row.forbidden_model_origins),
        "stored": [_cell(one) for one in row.stored],
        "processed": [_cell(one) for one in row.processed],
        "accessed": [_origin(one) for one in row.accessed],
        "refused": sum(one.refused for one in row.accessed),
    }


def _cell(cell: Cell) -> Json:
    place = cell.place
    where = {"place": place.name, "kind": place.kind, "jurisdiction": place.jurisdiction, "operator": place.operator}
    return {**where, "allowed": cell.allowed, "rules": list(cell.rules)}


def _origin(one: Origin) -> Json:
    counts = {"jurisdiction": one.jurisdiction, "people": one.people, "refused": one.refused}
    return {**counts, "allowed": one.allowed, "rules": list(one.rules)}


def _place(one: Place) -> Json:
    models = [
        {"name": model.name, "origin": model.origin, "ancestry": [each.origin for each in model.ancestry or ()]}
        for model in one.models
    ]
    return {**vars(one), "legal_control": sorted(one.legal_control), "models": models}


def _violation(one: Violation, names: Names) -> Json:
    return {
        "at": one.at.isoformat(),
        "door": one.door,
        "rule": one.rule,
        "reason": reason(one.rule),
        "tag": one.tag,
        "place": one.place,
        "datasets": [names.datasets[str(key)][1] for key in one.dataset_ids if str(key) in names.datasets],
        "who": person_or_part(one.actor, names),
    }


def _found(one: KeptFinding, names: Names) -> Json:
    return {
        "kind": one.kind,
        "object": one.object,
        "rows": one.held,
        "datasets": [names.datasets[str(key)][1] for key in one.dataset_ids if str(key) in names.datasets],
        "place": one.place,
        "tag": one.tag,
        "rule": one.rule,
        "found_at": one.found_at.isoformat(),
    }


def _change(one: RecordedEvent, names: Names) -> Json:
    kind, _, key = one.object.partition(":")
    titled = names.datasets.get(key, ("", key))[1] if kind == "dataset" else key
    return {
        "at": one.at.isoformat(),
        "type": one.type,
        "kind": kind,
        "name": titled,
        "who": person_or_part(one.actor, names),
        "detail": one.detail.get("tags") or {key: value for key, value in one.detail.items() if key != "slug"},
    }
