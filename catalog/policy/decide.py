"""The one decision. Pure: facts in, rulings out; default deny, forbid beats permit, and a rule that errors denies."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import cedarpy

from catalog.breach import Breach
from catalog.errors import DependencyError
from catalog.policy.endpoints import elsewhere, joined, models_of, readers_of
from catalog.policy.model import Law, Request, Ruling, Surroundings
from catalog.residency import enclosing
from catalog.vocabulary import Action, Door, Purpose


@dataclass(frozen=True, kw_only=True)
class Residency:
    """What a rule of residency guards: a door, by a tag of the dataset, against the place of a part or a person."""

    door: str
    tag: str
    part: str


#: Parts a rule looks at that are not the same from one endpoint to the next.
OF_ENDPOINTS = frozenset({"endpoint", "operators"})
#: What a ruling says when no rule permitted and none forbade.
NO_RULE = Ruling(permitted=False, rules=("default-deny",), reasons=("No rule permits this.",))


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """The rules as written and as parsed once for every decision, each with its id and reason by Cedar's own number."""

    text: str
    schema: str
    parsed: cedarpy.PolicySet
    parsed_schema: cedarpy.Schema
    ids: dict[str, str]
    reasons: dict[str, str]
    residencies: dict[str, Residency]

    @property
    def version(self) -> str:
        """Digest of rules and schema; a decision row keeps it."""
        return hashlib.sha256((self.text + self.schema).encode()).hexdigest()[:16]


def read_rulebook(text: str, schema: str) -> Rulebook:
    """Parse and validate rules.

    Raises DependencyError when a rule doesn't parse, doesn't fit the schema, or lacks @id or @reason.
    """
    checked = cedarpy.validate_policies(text, schema)
    if not checked.validation_passed:
        raise DependencyError(f"The policy rules don't fit their schema ({len(checked.errors)} errors).")
    policies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    notes = {number: policy.get("annotations", {}) for number, policy in policies.items()}
    if any({"id", "reason"} - set(note) for note in notes.values()):
        raise DependencyError("Each policy rule needs an @id and a @reason.")
    return Rulebook(
        text=text,
        schema=schema,
        parsed=cedarpy.PolicySet.from_str(text),
        parsed_schema=cedarpy.Schema.from_str(schema),
        ids={number: note["id"] for number, note in notes.items()},
        reasons={note["id"]: note["reason"] for note in notes.values()},
        residencies={note["id"]: _residency(note) for note in notes.values() if "door" in note},
    )


def _residency(note: Mapping[str, str]) -> Residency:
    try:
        return Residency(door=note["door"], tag=note["tag"], part=note["part"])
    except KeyError as error:
        raise DependencyError("A rule at a door needs @door, @tag and @part together.") from error


@cache
def rulebook() -> Rulebook:
    """Return the law this hub was built with."""
    folder = files("catalog.policy")
    return read_rulebook(
        (folder / "rules.cedar").read_text(encoding="utf-8"),
        (folder / "rules.cedarschema").read_text(encoding="utf-8"),
    )


def decide(requests: Sequence[Request], rules: Rulebook | None = None) -> list[Ruling]:
    """Rule on each request, in order, at the first endpoint of its surroundings and, where that matters, at the others.

    The others are asked only about what the first may process, or about what it alone stands in the way of.
    """
    book = rules or rulebook()
    rulings = _at_the_first(requests, book)
    others = [
        (number, at)
        for number, (request, ruling) in enumerate(zip(requests, rulings, strict=True))
        if ruling.permitted or any(book.residencies[one.rule].part in OF_ENDPOINTS for one in ruling.breaches)
        for at in elsewhere(request)
    ]
    found = defaultdict(list)
    for (number, _), ruling in zip(others, _at_the_first([at for _, at in others], book), strict=True):
        found[number].append(ruling)
    return [joined([ruling, *found[number]]) if number in found else ruling for number, ruling in enumerate(rulings)]


def _at_the_first(requests: Sequence[Request], book: Rulebook) -> list[Ruling]:
    if not requests:
        return []
    # One person asks of many laws, in one place: what doesn't differ is said once, and what differs in nothing a rule
    # looks at is asked once.
    principals: dict[object, int] = {}
    numbers = [principals.setdefault(_who(request), len(principals)) for request in requests]
    first = dict(zip(reversed(numbers), reversed(requests), strict=True))
    about = _asked_about([*first.values(), *{id(request.surroundings): request for request in requests}.values()])
    contexts: dict[object, dict[str, object]] = {}
    looked_at = [_looked_at(request.law, about) for request in requests]
    laws = {one: number for number, one in enumerate(dict.fromkeys(looked_at))}
    alike = [
        (who, request.action, laws[law], id(_context(request, contexts)))
        for who, request, law in zip(numbers, requests, looked_at, strict=True)
    ]
    asked = dict(zip(reversed(alike), reversed(requests), strict=True))
    questions = [
        {
            "principal": f'{_principal_type(request)}::"{who}"',
            "action": f'Action::"{action}"',
            "resource": f'Law::"{law}"',
            "context": _context(request, contexts),
        }
        for (who, action, law, _), request in asked.items()
    ]
    entities = [_principal(number, request) for number, request in first.items()]
    entities += [_resource(number, law) for law, number in laws.items()]
    answers = cedarpy.is_authorized_batch(questions, book.parsed, entities, book.parsed_schema)
    ruled = {one: _ruling(answer, book) for one, answer in zip(asked, answers, strict=True)}
    return [_placed(ruled[one], request, book) for one, request in zip(alike, requests, strict=True)]


def decide_door(action: Action, roles: frozenset[str], rules: Rulebook | None = None) -> Ruling:
    """Rule on whether someone with these roles may come to do this at all."""
    book = rules or rulebook()
    entities: list[dict[str, object]] = [
        {"uid": {"type": "Visitor", "id": "0"}, "attrs": {"roles": sorted(roles)}, "parents": []},
        {"uid": {"type": "Hub", "id": "0"}, "attrs": {}, "parents": []},
    ]
    question = {"principal": 'Visitor::"0"', "action": f'Action::"{action}"', "resource": 'Hub::"0"', "context": {}}
    return _ruling(cedarpy.is_authorized(question, book.parsed, entities, book.parsed_schema), book)


def _ruling(answer: cedarpy.AuthzResult, book: Rulebook) -> Ruling:
    if answer.diagnostics.errors:
        # Cedar skips a rule that errors; a skipped forbid would open a door.
        return Ruling(permitted=False, rules=("error",), reasons=("A rule could not be evaluated.",))
    rules = tuple(sorted(book.ids[number] for number in answer.diagnostics.reasons))
    if not rules:
        return NO_RULE
    permitted = answer.decision == cedarpy.Decision.Allow
    return Ruling(permitted=permitted, rules=rules, reasons=tuple(book.reasons[rule] for rule in rules))


def _placed(ruling: Ruling, request: Request, book: Rulebook) -> Ruling:
    """Add the endpoint it is permitted at, or what residency refused.

    What the person holds no grant for was not theirs to ask, wherever they stand.
    """
    if ruling.permitted:
        return replace(ruling, endpoints=(request.surroundings.endpoint.name,), models=models_of(request))
    law, action = request.law, request.action
    asked = request.purpose in law.purposes if action is Action.QUERY else True
    if action is not Action.INGEST and not (law.granted and asked):
        return ruling
    found = tuple(
        Breach(door=Door(kept.door), rule=rule, tag=kept.tag, place=_place(kept.part, request))
        for rule in ruling.rules
        if (kept := book.residencies.get(rule))
    )
    return replace(ruling, breaches=found) if found else ruling


def _place(part: str, request: Request) -> str:
    here = request.surroundings
    match part:
        case "person":
            return request.subject.jurisdiction if request.subject else ""
        case "operators":
            reached = [
                one.name for one in here.parts if _compelling(one.legal_control) & request.law.forbidden_legal_control
            ]
            return ", ".join(sorted(set(reached)))
        case "zone":
            return here.zone
        case _:
            return str(getattr(here, part).name)


def _compelling(legal_control: Iterable[str]) -> frozenset[str]:
    """Return whose law compels: that of a country compels whoever stands under the law of one of its parts."""
    return frozenset(place for code in legal_control for place in enclosing(code))


def _context(request: Request, made: dict[object, dict[str, object]]) -> dict[str, object]:
    """Return what a rule may know of where it happens; those alike are made once."""
    here = request.surroundings
    key = request.action, request.purpose, id(here)
    if key in made:
        return made[key]
    if request.action is Action.KEEP:
        made[key] = {"zone": _zone(here)}
        return made[key]
    readers = readers_of(request)
    context: dict[str, object] = {
        "store": sorted(enclosing(here.store.jurisdiction)),
        "database": sorted(enclosing(here.database.jurisdiction)),
        "endpoint": sorted(enclosing(here.endpoint.jurisdiction)),
        "legal_control": sorted(_compelling(here.legal_control)),
        "sealed": here.sealed,
        "model_origins": sorted(code for one in readers for code in one.origins),
        "origins_known": bool(readers) and all(one.known for one in readers),
    }
    if request.action is Action.QUERY:
        context |= {"purpose": str(request.purpose), "site": sorted(enclosing(here.site.jurisdiction))}
        context["zone"] = _zone(here)
    made[key] = context
    return context


def _zone(here: Surroundings) -> list[str]:
    return sorted({place for zone in here.zones for place in enclosing(zone.jurisdiction)})


def _who(request: Request) -> object:
    return request.subject or request.surroundings.worker.jurisdiction


def _principal(number: int, request: Request) -> dict[str, object]:
    subject = request.subject
    facts: dict[str, object]
    if subject is not None:
        purposes = Purpose if subject.only_for is None else (subject.only_for,)
        facts = {
            "clearance": subject.clearance.level,
            "places": sorted(enclosing(subject.jurisdiction)),
            "speaks_for": sorted(str(purpose) for purpose in purposes),
        }
    else:
        facts = {"places": sorted(enclosing(request.surroundings.worker.jurisdiction))}
    return {"uid": {"type": _principal_type(request), "id": str(number)}, "attrs": facts, "parents": []}


def _resource(number: int, law: "_LookedAt") -> dict[str, object]:
    return {"uid": {"type": "Law", "id": str(number)}, "attrs": dict(law), "parents": []}


def _principal_type(request: Request) -> str:
    return "Worker" if request.subject is None else "Person"


def _asked_about(requests: Iterable[Request]) -> frozenset[str]:
    """Return every place these requests are about: where parts stand, and people."""
    found: set[str] = set()
    for request in requests:
        here = request.surroundings
        parts = (here.site, here.store, here.database, here.worker, *here.endpoints, *here.zones)
        found |= {one.jurisdiction for one in parts}
        found |= {request.subject.jurisdiction} if request.subject else set()
    return frozenset(place for code in found for place in enclosing(code))


_LookedAt = tuple[tuple[str, object], ...]


def _looked_at(law: Law, about: frozenset[str]) -> _LookedAt:
    """Return what a rule may know of a law; of a residency, the places that are asked about: the EU alone has 27."""
    return (
        ("classification", law.classification.level),
        ("granted", law.granted),
        ("purposes", tuple(sorted(law.purposes))),
        ("store_in", tuple(sorted(law.store_in & about))),
        ("process_in", tuple(sorted(law.process_in & about))),
        ("access_from", tuple(sorted(law.access_from & about))),
        ("forbidden_legal_control", tuple(sorted(law.forbidden_legal_control))),
        ("forbidden_model_origins", tuple(sorted(law.forbidden_model_origins))),
    )
