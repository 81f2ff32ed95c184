"""Proves the law against its drawn cases: each row of `cases.csv` changes a few facts and names the rules that decide.

The base case is permitted: internal data of DE, granted for research, asked for by a person cleared for secret from DE,
every part in DE. Nothing is read from the tables.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final
from uuid import UUID

from catalog.ancestry import Ancestor, ServedModel
from catalog.places import Place
from catalog.policy.decide import decide, rulebook
from catalog.policy.model import Law, Request, Subject, Surroundings
from catalog.residency import expand
from catalog.vocabulary import Action, Classification, Jurisdiction, ModelKind, PersonId, PlaceKind, Purpose

#: What a case is like unless its row says otherwise.
BASE: Final[Mapping[str, str]] = {
    "classification": "internal", "clearance": "secret", "granted": "yes", "purposes": "research", "sealed": "yes",
    "store_in": "DE", "process_in": "DE", "access_from": "DE", "forbidden": "", "legal": "DE", "person": "DE",
    "agent": "", "more": "", "more_legal": "DE",
    "no_models_of": "", "models": "DE", "more_models": "DE", **{str(kind): "DE" for kind in PlaceKind},
}  # fmt: skip
#: The group the cases speak of, as it might be on any day.
GROUPS: Final = {"EU": frozenset({"DE", "FR"}), "GONE": frozenset[str]()}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row: which rules decided, which should have."""

    action: Action
    case: str
    expected: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the law says what the row says."""
        return self.expected == self.found


def check() -> list[Case]:
    """Validate the rules against their schema and decide every case; DependencyError for rules that don't fit."""
    rows = list(csv.DictReader(io.StringIO((files("catalog.policy") / "cases.csv").read_text(encoding="utf-8"))))
    rulings = decide([_request(row["action"], row["facts"]) for row in rows])
    return [
        Case(
            action=Action(row["action"]), case=row["case"], expected=tuple(row["rules"].split()), found=ruling.rules
        )
        for row, ruling in zip(rows, rulings, strict=True)
    ]  # fmt: skip


def sentences() -> dict[str, tuple[str, str]]:
    """Return each rule's id with its effect and its sentence, in the order of the file."""
    book = rulebook()
    effects = {rule: "permit" if _permits(book.text, rule) else "forbid" for rule in book.reasons}
    return {rule: (effects[rule], reason) for rule, reason in book.reasons.items()}


def _permits(text: str, rule: str) -> bool:
    after = text.split(f'@id("{rule}")', maxsplit=1)[1]
    return after.index("permit (") < after.index("forbid (") if "forbid (" in after else True


def _request(action: str, changes: str) -> Request:
    facts = {**BASE, **dict(change.split("=", 1) for change in changes.split())}
    law = Law(
        classification=Classification(facts["classification"]),
        granted=facts["granted"] == "yes",
        purposes=frozenset({facts["purposes"]}),
        store_in=expand([facts["store_in"]], GROUPS),
        process_in=expand([facts["process_in"]], GROUPS),
        access_from=expand([facts["access_from"]], GROUPS),
        forbidden_legal_control=frozenset(facts["forbidden"].split()),
        forbidden_model_origins=expand(facts["no_models_of"].split(), GROUPS).union(facts["no_models_of"].split()),
    )
    parts = {str(kind): _place(kind, facts[str(kind)], facts["legal"]) for kind in PlaceKind}
    parts["endpoint"] = _serving(parts["endpoint"], facts["models"])
    more = [
        _serving(_place(PlaceKind.ENDPOINT, code, facts["more_legal"]), facts["more_models"])
        for code in facts["more"].split(",")
        if code
    ]
    here = Surroundings(
        site=parts["site"],
        store=parts["store"],
        database=parts["database"],
        worker=parts["worker"],
        endpoint=parts["endpoint"],
        sealed=facts["sealed"] == "yes",
        groups=GROUPS,
        more_endpoints=tuple(more),
        zone="zone",
        zones=() if facts["zone"] == "none" else (parts["zone"],),
    )
    if action == Action.INGEST:
        return Request(action=Action.INGEST, law=law, surroundings=here)
    subject = Subject(
        person_id=PersonId(UUID(int=0)),
        jurisdiction=facts["person"],
        clearance=Classification(facts["clearance"]),
        only_for=Purpose(facts["agent"]) if facts["agent"] else None,
    )
    return Request(action=Action(action), law=law, surroundings=here, subject=subject, purpose=Purpose.RESEARCH)


def _place(kind: PlaceKind, where: str, legal: str) -> Place:
    return Place(
        name=str(kind), kind=kind, jurisdiction=Jurisdiction(where), operator="", legal_control=frozenset({legal})
    )  # fmt: skip


def _serving(place: Place, told: str) -> Place:
    """Let an endpoint serve an embedder of DE and a chat model of `told`: origin>ancestor>ancestor, ? for unknown."""
    origin, *ancestors = (None if code == "?" else code for code in told.split(">"))
    ancestry = tuple(Ancestor(name=f"ancestor of {code}", origin=code) for code in ancestors)
    models = [(ModelKind.EMBEDDING, "DE", ()), (ModelKind.CHAT, origin, ancestry)]
    return replace(
        place,
        models=tuple(
            ServedModel(name=str(kind), kind=kind, sha256="0" * 64, origin=code, ancestry=made_from)
            for kind, code, made_from in models
        ),
    )
