"""The door to a model, taken down one line at a time."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import Mutant, mutant

FLOW: Final = "tests/hub/test_endpoints.py"
DRAWN: Final = "tests/spec/test_endpoints.py"
INGEST: Final = "tests/ingest/test_endpoints.py"


def endpoint_mutants() -> Iterator[Mutant]:
    """Which endpoint may process what, who chooses it, and the check where text goes out."""
    out = "        if self._place not in scope.endpoints(passage.dataset_id for passage in passages):\n"
    yield mutant("endpoints: the writer sends what its endpoint may not read", "hub/generate.py", out,
                 "        if False:\n", FLOW)  # fmt: skip
    file = "hub/endpoints.py"
    yield mutant("endpoints: a prompt of what may not be read together", file,
                 "if scope.endpoints({*read, dataset}):", "if dataset:", FLOW)  # fmt: skip
    kept = "        violations.record(session, _refused(scope, apart, endpoint), scope.decision_id)\n"
    yield mutant("endpoints: what is left out leaves no row", file, kept, "", FLOW)
    asked = "return hub.at(allowed[0]).embedder if allowed else None"
    yield mutant("endpoints: a question is embedded anywhere", file, asked, "return hub.embedder", FLOW)
    all_of_it = "if scope.endpoints(scope.dataset_ids)[:1] == (preferred,):"
    yield mutant("endpoints: the first one reads everything", file, all_of_it, "if preferred:", FLOW)
    file = "catalog/policy/decide.py"
    yield mutant("endpoints: what the first may, all may", file, "endpoints=(request.surroundings.endpoint.name,)",
                 "endpoints=tuple(one.name for one in request.surroundings.endpoints)", DRAWN)  # fmt: skip
    yield mutant(
        "endpoints: only the first is asked about", file, "for at in elsewhere(request)", "for at in ()", DRAWN
    )
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
    again = "ruling=_permit(order, equipment)"
    once = 'ruling=Ruling(permitted=True, rules=(), reasons=(), endpoints=("endpoint",))'
    yield mutant("endpoints: tags are not asked again before embedding", "ingest/pipeline.py", again, once, INGEST)
