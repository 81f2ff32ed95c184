"""The API's own doors, taken down one at a time: who comes in, what goes out, what is said of what goes wrong."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import Mutant, mutant

MATRIX: Final = "tests/security/test_api_matrix.py"
TOKENS: Final = "tests/security/test_api_tokens.py"
PROBLEMS: Final = "tests/security/test_api_problems.py"
PARTS: Final = "tests/security/test_api_parts.py"
INPUT: Final = "tests/security/test_api_input.py"
CANARIES: Final = "tests/security/test_api_canaries.py"
UNDECLARED: Final = "tests/hub/api/test_undeclared.py"


def api_mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from _who_comes_in()
    yield from _what_goes_out()
    yield from _what_is_sent()


def _who_comes_in() -> Iterator[Mutant]:
    file = "hub/api/doors.py"
    yield mutant(
        "api: every role comes through", file, "        if not ruling.permitted:\n", "        if False:\n", MATRIX
    )
    before = "            await run_in_threadpool(self._write_down, hub, caller, ruling)\n"
    after = ""
    yield mutant("api: a refusal at a door is not written down", file, before, after, MATRIX)
    before = (
        '    raise SettingsError(f"The route {route.path} declares {len(declared)} rules; it needs exactly one.")\n'
    )
    yield mutant("api: a route needs no rule", file, before, "    return None\n", UNDECLARED)
    before = "    if not isinstance(route, APIRoute):\n"
    after = f"{before}        return None\n    if route is None:\n"
    yield mutant("api: what is no route of ours needs no rule", file, before, after, UNDECLARED)
    file = "hub/app.py"
    yield mutant("api: rules are not looked for", file, "        rule_of(route)\n", "        pass\n", UNDECLARED)
    before = "            Middleware(KnownHosts, hosts=hub.settings.api_hosts),\n"
    yield mutant("api: any name is its own", file, before, "", PROBLEMS)
    clients = 'CLIENTS = frozenset({"hub-ui", "hub-cli"})'
    yield mutant("api: another client's tokens", file, clients, clients.replace('"})', '", "x"})'), TOKENS)
    before = "        raise IdentityError\n    caller = hub.verifier"
    after = before.replace("raise IdentityError", "pass")
    yield mutant("api: no header is a fault", "hub/api/doors.py", before, after, TOKENS)


def _what_goes_out() -> Iterator[Mutant]:
    file = "hub/api/problems.py"
    before = 'ABSENT if slug == "absent" else str(error)'
    after = '"You may not see this." if type(error).__name__ == "AccessDeniedError" else str(error)'
    yield mutant("api: forbidden is told from absent", file, before, after, PROBLEMS)
    yield mutant("api: a part that failed is a fault", file, "    part = part_of(error)\n", "    part = None\n", PARTS)
    before = "sentence(part), part=part"
    yield mutant("api: a part that failed says where it was", file, before, "str(error), part=part", PARTS)
    file = "hub/api/middleware.py"
    before = "                await fault(Request(scope))(scope, receive, framed)\n"
    yield mutant("api: a fault is passed on", file, before, f"{before}            raise\n", PROBLEMS)
    yield mutant("api: a fault's words are logged", file, "kind = type(error).__name__", "kind = repr(error)", PROBLEMS)
    yield mutant("api: responses without their headers", file, "headers.setdefault(name, value)", "pass", PROBLEMS)
    before = 'route = getattr(scope.get("route"), "path", None)'
    yield mutant("api: addresses are logged", file, before, 'route = scope["path"]', CANARIES)
    file = "hub/api/shapes.py"
    before = "REFUSALS[refused.kind] if down else refused.message"
    yield mutant("api: a refusal names sockets", file, before, "refused.message", PARTS)


def _what_is_sent() -> Iterator[Mutant]:
    before = "            Middleware(SmallBodies, most_bytes=hub.settings.max_request_bytes),\n"
    yield mutant("api: bodies of any size", "hub/app.py", before, "", INPUT)
    before = r'TEXT: Final = r"^[^\x00]*$"'
    yield mutant("api: text that can't be kept", "hub/api/fields.py", before, 'TEXT: Final = r"^(?s:.)*$"', INPUT)
    before = '    model_config = ConfigDict(frozen=True, extra="forbid")\n'
    yield mutant("api: a cursor with more in it", "hub/api/cursors.py", before, "", INPUT)
    before, after = 'altchars=b"-_", validate=True', 'altchars=b"-_"'
    yield mutant("api: a cursor with letters that are none", "hub/api/cursors.py", before, after, INPUT)
    before = "error.errors()[:MOST_FAULTS]"
    yield mutant("api: a fault for every field there is", "hub/api/problems.py", before, "error.errors()", INPUT)
