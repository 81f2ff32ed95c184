"""The door to a model, taken down one line at a time."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import Mutant, mutant

FLOW: Final = "tests/hub/test_endpoints.py"
DRAWN: Final = "tests/spec/test_endpoints.py"
ORIGINS: Final = "tests/spec/test_model_origins.py"
INGEST: Final = "tests/ingest/test_endpoints.py"


def endpoint_mutants() -> Iterator[Mutant]:
    """Which endpoint may process what, who chooses it, and the check where text goes out."""
    out = "        if self._place not in scope.endpoints(laws):\n"
    yield mutant("endpoints: the writer sends what its endpoint may not read", "hub/generate.py", out,
                 "        if False:\n", FLOW)  # fmt: skip
    file = "hub/endpoints.py"
    yield mutant("endpoints: a prompt of what may not be read together", file,
                 "if scope.endpoints({*read, law}):", "if law:", FLOW)  # fmt: skip
    kept = "        violations.record(session, _refused(scope, apart, endpoint), scope.decision_id)\n"
    yield mutant("endpoints: what is left out leaves no row", file, kept, "", FLOW)
    asked = "return hub.at(allowed[0]).embedder if allowed else None"
    yield mutant("endpoints: a question is embedded anywhere", file, asked, "return hub.embedder", FLOW)
    all_of_it = "if scope.endpoints(scope.rulings)[:1] == (preferred,):"
    yield mutant("endpoints: the first one reads everything", file, all_of_it, "if preferred:", FLOW)
    file = "catalog/policy/decide.py"
    yield mutant("endpoints: what the first may, all may", file, "endpoints=(request.surroundings.endpoint.name,)",
                 "endpoints=tuple(one.name for one in request.surroundings.endpoints)", DRAWN)  # fmt: skip
    yield mutant(
        "endpoints: only the first is asked about", file, "for at in elsewhere(request)", "for at in ()", DRAWN
    )
    yield mutant("decide: everybody is the first who asks", file,
                 "principals.setdefault(_who(request), len(principals))", "principals.setdefault(None, 0)",
                 "tests/catalog/test_board.py")  # fmt: skip
    yield mutant("decide: every endpoint stands where the first does", file,
                 "key = request.action, request.purpose, id(here)", "key = request.action, request.purpose",
                 DRAWN)  # fmt: skip
    yield mutant("decide: of the endpoints only the first is asked about", file,
                 ", *{id(request.surroundings): request for request in requests}.values()", "", DRAWN)  # fmt: skip
    least = "if not any(set(other.rules) < set(one.rules) for other in rulings)"
    yield mutant("endpoints: what another one would mend is told", "catalog/policy/endpoints.py", least, "if rulings",
                 DRAWN)  # fmt: skip
    parts = "return self.site, self.store, self.database, self.worker, self.endpoint"
    yield mutant("endpoints: one operator closes them all", "catalog/policy/model.py", parts,
                 parts.replace("self.endpoint", "*self.endpoints"), DRAWN)  # fmt: skip
    without = "return self.site, self.store, self.database, self.worker\n"
    yield mutant("endpoints: no operator closes any", "catalog/policy/model.py", f"{parts}\n", without, DRAWN)
    yield mutant("endpoints: a document goes to the first embedder", "ingest/embed.py",
                 "embedders[ruling.endpoints[0]]", "next(iter(embedders.values()))", INGEST)  # fmt: skip
    again = "ruling=_permit(order, equipment).ruling"
    once = "ruling=permitted.ruling"
    yield mutant("endpoints: tags are not asked again before embedding", "ingest/pipeline.py", again, once, INGEST)
    yield from _origins()


def _origins() -> Iterator[Mutant]:
    rules = "catalog/policy/rules.cedar"
    for action, kind in (("query", "Person"), ("ingest", "Worker")):
        rule = f"""    principal is {kind},
    action == Action::"{action}",
    resource is Law
)
when {{
    resource.forbidden_model_origins.containsAny(context.model_origins) ||
    (!context.origins_known && !resource.forbidden_model_origins.isEmpty())
}};
"""
        known = rule.replace("resource.forbidden_model_origins.containsAny(context.model_origins) ||\n", "")
        yield mutant(f"origins: a forbidden one reads ({action})", rules, rule, known, ORIGINS)
        unknown = rule.replace("!context.origins_known &&", "false &&")
        yield mutant(f"origins: an unknown one reads ({action})", rules, rule, unknown, ORIGINS)
    file = "catalog/ancestry.py"
    ancestors = ", *(one.origin for one in self.ancestry or ())"
    yield mutant("origins: of the model alone", file, ancestors, ",", ORIGINS)
    yield mutant("origins: an ancestor's may be unknown", file, " and all(one.origin for one in self.ancestry)", "",
                 ORIGINS)  # fmt: skip
    readers = "if request.subject or one.kind is ModelKind.EMBEDDING"
    yield mutant("origins: of the embedder alone", "catalog/policy/endpoints.py", readers,
                 "if one.kind is ModelKind.EMBEDDING", ORIGINS)  # fmt: skip
    sent = "if expected is not None and self.model.revision not in expected:"
    yield mutant("origins: whatever runs there answers", "hub/generate.py", sent, "if False:", FLOW)
    read = "if ruling.models is not None and embedder.revision() not in ruling.models:"
    yield mutant("origins: whatever runs there embeds", "ingest/embed.py", read, "if False:", INGEST)
