"""Mutants of who is recognised: sessions that were ended, words of the issuer, who ends others' sessions."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

CATALOG: Final = "tests/catalog/test_sessions.py"
STATES: Final = "tests/security/test_api_states.py"
AT_THE_API: Final = "tests/security/test_api_sessions.py"
TOLD: Final = "tests/security/test_signing_out.py"
EXCHANGED: Final = "tests/hub/stack/issuer/test_exchange.py"
SUITE: Final = "tests/hub/identity/test_issuer_suite.py"
REALM: Final = "tests/hub/stack/keycloak/test_realm.py"


def sessions() -> Iterator[Mutant]:
    """What was ended, for whom, and who may."""
    file = f"{SQL}/sessions.sql"
    own = "WHERE e.person_id = hub.subject_id()"
    yield mutant("sessions: a name ends everybody's", file, own, "WHERE true", CATALOG)
    yield mutant("sessions: all means all for ever", file, " AND p_began <= e.ended_at", "", CATALOG)
    named = "(e.session_id = p_session OR (e.session_id IS NULL AND p_began <= e.ended_at))"
    yield mutant("sessions: names are not looked at", file, named, "e.session_id IS NULL", CATALOG)
    yield mutant("sessions: a word counts twice", file, "    RETURN FOUND;", "    RETURN true;", CATALOG)
    swept = "    DELETE FROM hub.ended_sessions e WHERE e.forgotten_at < hub.hub_now();\n"
    yield mutant("sessions: nothing is forgotten", file, swept, "", CATALOG)
    file = "hub/api/doors.py"
    ended = "        if sessions.has_ended(session, session_id=caller.session_id, began_at=caller.began_at):\n"
    yield mutant("sessions: the doors don't ask", file, ended, "        if False:\n", AT_THE_API, STATES)
    file = "hub/api/sessions.py"
    known = "        who(session)  # someone the issuer alone knows administers nobody here\n"
    strangers = "tests/security/test_api_tokens.py::test_who_the_issuer_knows_and_the_hub_does_not_is_nobody_here"
    yield mutant("sessions: a stranger ends them", file, known, "", strangers)
    file = "hub/identity/verification.py"
    began = 'time_in(decoded.claims, "auth_time" if "auth_time" in decoded.claims else "iat")'
    yield mutant("sessions: a renewed token began now", file, began, 'time_in(decoded.claims, "exp")', AT_THE_API)


def keys() -> Iterator[Mutant]:
    """How often keys are fetched, and how old they may be."""
    rotated, often = "tests/security/test_key_rotation.py", "tests/hub/identity/test_fetch_keys.py"
    file = "hub/identity/fetch_keys.py"
    yield mutant("keys: every demand is met", file, "now - self._demanded_at >= ON_DEMAND_S and", "", often)
    yield mutant("keys: three fetches a minute", file, " and now - self._before_that >= EVERY_S", "", often)
    file = "hub/identity/keyfile.py"
    old = "        if self._now() - seen[1] / 1e9 > MAX_AGE_S:\n"
    yield mutant("keys: as old as they are", file, old, "        if False:\n", rotated)
    file = "hub/identity/verification.py"
    waits = "if last or not keys.renewed(known):"
    yield mutant("keys: nobody waits for newer ones", file, waits, "if True:", rotated)


def clocks() -> Iterator[Mutant]:
    """What is said when two clocks disagree."""
    said, brought = "tests/hub/identity/test_verification.py", "tests/hub/identity/test_fetch_keys.py"
    file = "hub/identity/verification.py"
    yield mutant("clocks: nobody compares them", file, "        if ahead_s <= LEEWAY_S:\n", "        if True:\n", said)
    file = "hub/identity/fetch_keys.py"
    told = "return round(now - then.timestamp()) if then.tzinfo else 0"
    yield mutant(
        "clocks: the other way round",
        file,
        told,
        told.replace("now - then.timestamp()", "then.timestamp() - now"),
        brought,
    )
    file = "hub/identity/keyfile.py"
    believed = "if type(told) is int and abs(told) <= MOST_AHEAD_S else 0.0"
    yield mutant("clocks: anything is believed", file, believed, "if isinstance(told, int) else 0.0", brought)


def kept() -> Iterator[Mutant]:
    """Where a terminal's sign-in lies."""
    file, there = "hub/identity/kept.py", "tests/hub/identity/test_kept.py"
    yield mutant(
        "kept: plain text is a keyring", file, "LEAST_PRIORITY: Final = 1\n", "LEAST_PRIORITY: Final = 0.1\n", there
    )
    yield mutant(
        "kept: the file stays",
        file,
        "            raise _shut(error) from error\n        self.beside.unlink(missing_ok=True)\n\n    def remove",
        "            raise _shut(error) from error\n\n    def remove",
        there,
    )
    others = "        if self.beside.stat().st_mode & 0o077:\n"
    yield mutant(
        "kept: others may read it", file, others, "        if False:\n", "tests/hub/identity/test_own_token.py"
    )


def agents() -> Iterator[Mutant]:
    """What an agent may, whose it is, and how long."""
    asked = "tests/security/test_api_agents.py"
    file = "hub/api/doors.py"
    yield mutant("agents: nobody admitted it", file, "caller.leave is None:", "True:", asked)
    roles = "frozenset({AGENT if caller.leave else SERVICE})"
    yield mutant("agents: comes as a researcher", file, roles, roles.replace("AGENT", '"researcher"'), asked)
    file = "hub/identity/verification.py"
    alone = '    audience = claims.get("aud")\n    return audience if isinstance'
    any_of = (
        '    audience = (claims.get("aud") or [""])[0] if isinstance(claims.get("aud"), list) else claims.get("aud")\n'
    )
    any_of += "    return audience if isinstance"
    yield mutant("agents: one of several audiences", file, alone, any_of, asked)
    client = "clients=frozenset({self.audience}))"
    anybodys = "clients=self.clients | {self.audience})"
    yield mutant("agents: a token of the screens", file, client, anybodys, asked)
    only = "replace(subject_in(decoded.claims), only_for=purpose)"
    yield mutant("agents: any purpose", file, only, "subject_in(decoded.claims)", asked)
    file = "catalog/agents.py"
    yield mutant("agents: for ever", file, ", func.hub.hub_now() < agents.c.ends_at)", ")", asked)
    file = f"{SQL}/sessions.sql"
    own = "FOR SELECT TO hub_api USING (person_id = hub.subject_id());"
    yield mutant("agents: another person's", file, own, own.replace("person_id = hub.subject_id()", "true"), asked)
    file = "catalog/db.py"
    named = '"hub.agent": self.agent or ""'
    yield mutant("agents: the ledger names the person alone", file, named, '"hub.agent": ""', asked)


def issuer() -> Iterator[Mutant]:
    """The development issuer: who is told, and what is exchanged for what."""
    file = "hub/stack/issuer/memory.py"
    yield mutant("issuer: nobody is told", file, "            self.farewell(session)\n", "            pass\n", TOLD)
    file = "hub/stack/issuer/exchange.py"
    proven = "if program is None or not proven or not in_form:"
    yield mutant("exchange: without the secret", file, proven, "if program is None or not in_form:", SUITE)
    yield mutant("exchange: by a header", file, proven, "if program is None or not proven:", EXCHANGED)
    made = 'if claims["aud"] != program.id:'
    yield mutant("exchange: an agent's token again", file, made, "if False:", EXCHANGED)
    live = ' or claims["exp"] <= issuer.clock()'
    yield mutant("exchange: a token that has ended", file, live, "", EXCHANGED)
    ours = ' or claims.get("iss") != issuer.url'
    yield mutant("exchange: another issuer's token", file, ours, "", EXCHANGED)
    life = "life_s = min(program.life_s, ends - issued)"
    yield mutant("exchange: outlives its token", file, life, "life_s = program.life_s", EXCHANGED)
    target = "not in program.targets:"
    yield mutant("exchange: any audience", file, target, "in set():", SUITE)
    over = '    if session is None:\n        raise OAuthError("invalid_request", "The session'
    without = over.replace("if session is None:", "if False:")
    yield mutant("exchange: a session that has ended", file, over, without, SUITE)


def realm() -> Iterator[Mutant]:
    """The realm as code."""
    file = "hub/stack/keycloak/flow.py"
    kept = "(Role.STEWARD, Role.ADMIN, Role.AUDITOR)"
    yield mutant("realm: auditors prove themselves once", file, kept, "(Role.STEWARD, Role.ADMIN)", REALM)
    file = "hub/stack/keycloak/clients.py"
    off = '"enabled": False, "publicClient": True'
    yield mutant("realm: admin-cli takes passwords", file, off, off.replace("False", "True", 1), REALM)
    file = "hub/stack/keycloak/realm.py"
    yield mutant("realm: any password", file, '        "passwordPolicy": PASSWORDS,\n', "", REALM)
    declared = '[_declared(name, edit=["admin"]) for name in ATTRIBUTES]'
    own = declared.replace('["admin"]', '["admin", "user"]')
    yield mutant("realm: people change their own place", file, declared, own, REALM)


def provisioning() -> Iterator[Mutant]:
    """What a plan sees."""
    seen = "tests/hub/identity/provisioning/test_differences.py"
    file = "hub/identity/provisioning/compare.py"
    for name, before, after in (
        (
            "undeclared attributes",
            '        if there is None:\n            yield Change(kind="attribute"',
            '        if there is None:\n            continue\n            yield Change(kind="attribute"',
        ),
        ("who may change an attribute", "elif _edits(there) != _edits(attribute):", "elif False:"),
        ("strangers", "set(found.clients) - set(ours) - BUILT_IN", "set()"),
        ("what tokens say", "_mappers(client) != _mappers(there, like=_mappers(client))", "False"),
        ("what a client may carry", 'if there != set(mapping["roles"]):', "if False:"),
        ("steps of a flow", "elif list(there) != steps:", "elif False:"),
    ):
        yield mutant(f"plan sees no {name}", file, before, after, seen)
    file = "hub/identity/provisioning/realm_file.py"
    yield mutant("plan: a file with undeclared attributes", file, "    if undeclared:\n", "    if False:\n", seen)
    file = "hub/identity/provisioning/server.py"
    yield mutant("plan: a password in the clear", file, "if not is_safe_address(url):", "if False:", seen)


def services() -> Iterator[Mutant]:
    """A program's account: its own grants, no role, one client, and an end."""
    asked, alike = "tests/security/test_service_accounts.py", "tests/hub/identity/test_issuer_suite.py"
    file = f"{SQL}/granted_organisation.sql"
    yield mutant("services: its organisation's grants", file, " AND p.kind = 'person'", "", asked)
    file = f"{SQL}/service_accounts.sql"
    own = "FOR SELECT TO hub_api USING (person_id = hub.subject_id());"
    yield mutant("services: another's client", file, own, own.replace("person_id = hub.subject_id()", "true"), asked)
    file = "catalog/service_accounts.py"
    over = "    if row.removed_at is not None:\n        raise IdentityError"
    yield mutant(
        "services: removed ones come", file, over, over.replace("row.removed_at is not None", "False"), asked, STATES
    )
    file = "hub/api/doors.py"
    known = "        if caller.service is not None:\n"
    yield mutant("services: nobody opened it", file, known, "        if False:\n", asked)
    comes = "if caller.leave or caller.service:"
    yield mutant("services: comes as what its token says", file, comes, "if caller.leave:", asked)
    file = "hub/identity/verification.py"
    roles = "frozenset() if purpose or service else roles_in("
    yield mutant("services: its token's roles", file, roles, "frozenset() if purpose else roles_in(", asked)
    begins = "client.startswith(rules.services)"
    yield mutant("services: any client", file, begins, "True", asked)
    file = "hub/api/service_accounts.py"
    behind = "            registrar.close(client)\n        raise\n"
    yield mutant("services: a client is left behind", file, behind, "            pass\n        raise\n", asked)
    stranger = "        who(session)  # someone the issuer alone knows opens nothing here\n"
    yield mutant("services: a stranger opens one", file, stranger, "        pass\n", asked)
    ends = "        service_accounts.key_was_made(session, service)\n"
    yield mutant("services: a new key ends nothing", file, ends, "        pass\n", asked)
    file = "hub/stack/issuer/programs.py"
    one = "self._keep(replace(program, digest=_digest(key)))"
    yield mutant(
        "services: the old key goes on",
        file,
        one,
        "self._keep(replace(program, digest=program.digest or _digest(key)))",
        alike,
    )
    fits = "return found if fits else None"
    yield mutant("services: any key", file, fits, "return found", alike)
    file = "hub/stack/issuer/own_key.py"
    registrar = 'return live and claims.get("azp") in issuer.realm.registrars and'
    yield mutant("services: anybody keeps them", file, registrar, "return live or", alike)


def trail() -> Iterator[Mutant]:
    """Who reads the trail says why."""
    read = "tests/security/test_reading_the_trail.py"
    file = "catalog/audit.py"
    least = "    if not LEAST_REASON_CHARACTERS <= len(said) <= MOST_REASON_CHARACTERS:\n"
    yield mutant("trail: read for no reason", file, least, "    if False:\n", read)
    yield mutant("trail: blanks are a reason", file, '" ".join((reason or "").split())', '(reason or "")', read)
    kept = ', detail={"reason": said}))'
    yield mutant("trail: the reason is not kept", file, kept, "))", read)
    file = "hub/api/audit.py"
    asked = "        audit.consult(session, reason)\n"
    yield mutant("trail: the door doesn't ask", file, asked, "        pass\n", read)


def identity_mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from sessions()
    yield from keys()
    yield from agents()
    yield from issuer()
    yield from realm()
    yield from provisioning()
    yield from clocks()
    yield from kept()
    yield from services()
    yield from trail()
