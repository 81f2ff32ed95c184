"""The walls, taken down one at a time: a mutant is one change to one file, and the tests that must notice it."""

import re
from collections.abc import Iterator
from typing import Final

from catalog.tables import metadata
from tests.prove.api_mutants import api_mutants
from tests.prove.bound_mutants import bound_mutants
from tests.prove.crawl_mutants import crawl_mutants
from tests.prove.desk_mutants import desk_mutants
from tests.prove.doors import DOORS
from tests.prove.endpoint_mutants import endpoint_mutants
from tests.prove.identity_mutants import identity_mutants
from tests.prove.law_mutants import law_mutants
from tests.prove.leak_mutants import leak_mutants
from tests.prove.mutant import API, BACK, SQL, Mutant, mutant, text_of
from tests.prove.page_mutants import page_mutants
from tests.prove.scan_mutants import scan_mutants
from tests.prove.stricter_mutants import stricter_mutants
from tests.prove.zone_mutants import zone_mutants

BESIDE: Final = "tests/security/test_neighbour.py"
GRANTS: Final = "tests/security/test_grants_table.py"
OWNERS: Final = "tests/security/test_worker_and_operator.py"
AUDITED: Final = "tests/security/test_no_act_without_audit.py"
POOLED: Final = "tests/security/test_pooled_context.py"
DISCLOSURE: Final = "tests/catalog/test_disclosure.py"
DECIDE: Final = "tests/catalog/test_decide.py"
PLAN: Final = "tests/security/test_plan.py"
SEAL: Final = "tests/security/test_seal.py"
SANDBOX: Final = "tests/security/test_parser_sandbox.py"


def disclose_sql() -> Iterator[Mutant]:
    """The gate, first half."""
    file = f"{SQL}/disclose.sql"
    audit = re.search(r"    INSERT INTO hub\.audit_events.*?;\n", text_of(file), re.DOTALL)
    assert audit
    yield mutant("disclose: no audit row", file, audit[0], "", DISCLOSURE)
    scope = "JOIN hub.chunks c ON c.id = asked.id AND c.live AND c.dataset_id = ANY (v_scope)"
    unscoped = scope.replace(" AND c.dataset_id = ANY (v_scope)", "")
    yield mutant("disclose: outside the scope too", file, scope, unscoped, BESIDE)
    # What is superseded is neither live nor published: two walls, and each alone holds.
    both = re.search(r"JOIN hub\.chunks c ON c\.id = asked\.id.*?v\.state = 'published'", text_of(file), re.DOTALL)
    assert both
    open_ = both[0].replace("c.live AND ", "").replace(" AND v.state = 'published'", "")
    yield mutant("disclose: superseded text too", file, both[0], open_, BESIDE)
    yield mutant("disclose: however many", file, "> 200 THEN", "> 200000 THEN", BESIDE)
    left = "WHERE v_cost > coalesce(v_left[array_position(v_lineages, l.id)], -1)"
    yield mutant("disclose: whatever is left", file, left, "WHERE false", DISCLOSURE)
    person = ", lifetime_used = b.lifetime_used + s.spent\n"
    yield mutant("disclose: the lifetime is not charged", file, person, "\n", DISCLOSURE)
    yield mutant("disclose: the window is not charged", file, "window_used = b.window_used + s.spent, ", "", DISCLOSURE)
    organisation = "UPDATE hub.organisation_budgets b SET used = b.used + s.spent"
    free = organisation.replace("s.spent", "0")
    yield mutant("disclose: the organisation is not charged", file, organisation, free, DISCLOSURE)
    spans = "SET spans = s.spans\n"
    yield mutant("disclose: what was read is forgotten", file, spans, "SET spans = r.spans\n", DISCLOSURE)
    # The lock on read_spans has no mutant: whoever reads the same spans waits for the person's row already.


def scope_sql() -> Iterator[Mutant]:
    """The grant check and the decision's own conditions, one after the other."""
    file = f"{SQL}/live_grants.sql"
    for name, condition in (
        ("on a withdrawn dataset", " AND d.withdrawn_at IS NULL"),
        ("not begun", "g.starts_at <= (SELECT hub.hub_now()) AND "),
        ("ended", " AND (SELECT hub.hub_now()) < g.ends_at"),
        ("suspended", "g.suspended_at IS NULL AND "),
        ("revoked", " AND g.revoked_at IS NULL"),
    ):
        yield mutant(f"grants: also {name}", file, condition, "", API)
    yield mutant("grants: for any purpose", file, "g.purpose = p_purpose", "true", API)
    yield mutant(
        "grants: of any person", file, "g.person_id = (SELECT hub.subject_id())", "g.person_id IS NOT NULL", API
    )
    organisation = "g.organisation_id = (SELECT hub.granted_organisation())"
    yield mutant("grants: of any organisation", file, organisation, "g.organisation_id IS NOT NULL", API)
    file = f"{SQL}/live_scope.sql"
    yield mutant("decision: anybody's", file, " AND d.subject_id = hub.subject_id()", "", API)
    age = "v_decision.made_at <= hub.hub_now() - interval '30 seconds'"
    yield mutant("decision: of any age", file, age, "false", API)
    yield mutant("decision: of thirty-one seconds", file, age, age.replace("<=", "<").replace("30", "31"), API)
    yield mutant("decision: from the future", file, " OR v_decision.made_at > hub.hub_now()", "", API)
    yield mutant("decision: for any dataset", file, "g.dataset_id = ANY (v_decision.dataset_ids)", "true", API)
    checked = re.search(r"    RETURN \(\n.*?\n    \);\n", text_of(file), re.DOTALL)
    assert checked
    yield mutant("decision: grants unchecked", file, checked[0], "    RETURN v_decision.dataset_ids;\n", API)


def doors_sql() -> Iterator[Mutant]:
    """The other doors, the clock, the audit trail."""
    file = f"{SQL}/disclosed_text.sql"
    committed = "\n       AND pg_xact_status(d.charged_in::text::xid8) = 'committed'"
    yield mutant("text: before the charge has committed", file, committed, "", BACK)
    yield mutant("text: anybody's disclosure", file, " AND d.subject_id = hub.subject_id()", "", API)
    yield mutant("text: outside the scope too", file, " AND d.id = ANY (v_scope)", "", BESIDE)
    live = "    v_scope := hub.live_scope(v_disclosure.decision_id, v_disclosure.form);\n"
    unchecked = "    SELECT dataset_ids INTO v_scope FROM hub.decisions WHERE id = v_disclosure.decision_id;\n"
    yield mutant("text: decision and grants unchecked", file, live, unchecked, API)
    file = f"{SQL}/document_chunks.sql"
    yield mutant("document: any dataset", file, " AND c.dataset_id = ANY (scope.ids)", "", API)
    file = f"{SQL}/search_chunks.sql"
    index, here = " -- The index of words", "AND c.dataset_id = ANY (v_scope)\n"
    lexical = f"{here}                    {index}"
    opened = "                   AND (cardinality(v_closed) = 0 OR c.document_id <> ALL (v_closed))\n"
    dense = f"{here}{opened}                 ORDER BY (c"
    yield mutant("search: lexical beyond the scope", file, lexical, index, BESIDE)
    yield mutant("search: dense beyond the scope", file, dense, dense.removeprefix(here[:-1]), BESIDE)
    counted = "WHERE n.dataset_id = ANY (v_scope) AND n.language"
    yield mutant("search: words counted beyond the scope", file, counted, "WHERE n.language", BESIDE)
    scope = "v_scope uuid[] := hub.live_scope(p_decision);"
    every = "v_scope uuid[] := (SELECT array_agg(dataset_id) FROM hub.index_sizes);"
    yield mutant("search: no decision asked", file, scope, every, API)
    told, full = "round(s.dense::numeric, 2)::double precision", "s.dense"
    yield mutant("search: exact cosines told", file, told, full, "tests/catalog/test_search_dense.py")
    file = f"{SQL}/append_only.sql"
    raised = "    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'HD010';\n"
    yield mutant("trail: edited in silence", file, raised, "    RETURN OLD;\n", BACK)
    trail = "BEFORE UPDATE OR DELETE ON hub.audit_events"
    yield mutant("trail: rows may be deleted", file, trail, trail.replace(" OR DELETE", ""), BACK)
    yield mutant("trail: rows may be updated", file, trail, trail.replace("UPDATE OR ", ""), BACK)
    yield mutant(
        "trail: may be emptied", file, "BEFORE TRUNCATE ON hub.audit_events", "BEFORE TRUNCATE ON hub.clock", BACK
    )
    file = f"{SQL}/subject_id.sql"
    setting = "current_setting('hub.subject')::uuid"
    lenient = "nullif(current_setting('hub.subject', true), '')::uuid"
    yield mutant("context: absent is nobody instead of an error", file, setting, lenient, POOLED)


def policies_sql() -> Iterator[Mutant]:
    """Row security, off and unforced on each table in turn, and each policy that names somebody opened to all."""
    file = f"{SQL}/policies.sql"
    for verb in ("ENABLE", "FORCE"):
        line = f"        EXECUTE format('ALTER TABLE %s {verb} ROW LEVEL SECURITY', r.name);\n"
        for table in sorted(table.name for table in metadata.sorted_tables):
            skipped = f"IF r.name <> 'hub.{table}'::regclass THEN {line.strip()} END IF;\n"
            tests = behaviour(verb, table)
            yield mutant(f"row security: not {verb.lower()}d on {table}", file, line, skipped, *tests)
    for name, before, after, test in (
        ("people see people", "hub.people FOR SELECT TO hub_api USING (id = hub.subject_id())", "true", API),
        (
            "people see decisions",
            "hub.decisions FOR SELECT TO hub_api USING (subject_id = hub.subject_id())",
            "true",
            API,
        ),
        (
            "people decide for others",
            "hub.decisions FOR INSERT TO hub_api WITH CHECK (subject_id = hub.subject_id())",
            "true",
            BACK,
        ),
    ):
        opened = re.sub(r"\((?:id|subject_id) = hub\.subject_id\(\)\)", f"({after})", before)
        yield mutant(f"policy: {name}", file, before, opened, test)
    own = "everyone OR person_id = (SELECT hub.subject_id()) OR organisation_id = (SELECT hub.granted_organisation())"
    yield mutant("policy: people see grants", file, own, "hub.subject_id() IS NOT NULL", API)
    unlisted = "(listed OR EXISTS (SELECT FROM hub.grants g WHERE g.dataset_id = datasets.id))"
    yield mutant("policy: unlisted datasets are seen", file, unlisted, "true", API)
    acted = "INSERT TO hub_api\n    WITH CHECK (actor = 'person:' || hub.subject_id())"
    yield mutant("policy: people act for others", file, acted, "INSERT TO hub_api\n    WITH CHECK (true)", BACK)
    using = "USING (dataset_id = current_setting(''hub.dataset'')::uuid)\n"
    yield mutant("policy: the worker reads all datasets", file, using, "USING (true)\n", OWNERS)
    check = "WITH CHECK (dataset_id = current_setting(''hub.dataset'')::uuid)"
    yield mutant("policy: the worker writes all datasets", file, check, "WITH CHECK (true)", OWNERS)
    worker = "actor LIKE 'worker:%' AND "
    yield mutant("policy: the worker acts for others", file, worker, "", OWNERS)


def behaviour(verb: str, table: str) -> tuple[str, ...]:
    """The test that sees rows where none may be seen; where no role could read them anyway, the table of grants."""
    if verb == "ENABLE" and table in {"people", "decisions", "grants"}:
        return (API,)
    if verb == "ENABLE" and table in {"documents", "document_versions", "submissions", "lineages", "index_sizes"}:
        return (OWNERS,)
    if table in {"chunks", "text_revisions", "lexeme_counts"}:
        return (OWNERS,)
    return (GRANTS,)


def grants_sql() -> Iterator[Mutant]:
    """What each role may touch."""
    file = f"{SQL}/grants.sql"
    readable = "GRANT SELECT ON hub.people, hub.organisations, hub.places,"
    yield mutant("grants: the API reads chunks", file, readable, readable.replace("ON ", "ON hub.chunks, "), API)
    yield mutant(
        "grants: the API reads one heading",
        file,
        readable,
        f"GRANT SELECT (heading) ON hub.chunks TO hub_api;\n{readable}",
        API,
    )
    made = "GRANT INSERT (id, subject_id, action, purpose, site, zone, policy_version, dataset_ids, law_ids, rulings)"
    yield mutant("grants: the API says when it decided", file, made, made.replace("rulings", "rulings, made_at"), BACK)
    yield mutant(
        "grants: the API checks its own scope",
        file,
        "hub.live_scope, hub.closed_documents TO hub_search,",
        "hub.live_scope, hub.closed_documents TO hub_api, hub_search,",
        GRANTS,
    )
    owner = "ALTER FUNCTION hub.document_chunks OWNER TO hub_disclosure;"
    yield mutant(
        "grants: search owns two functions", file, owner, owner.replace("hub_disclosure", "hub_search"), GRANTS
    )
    roles = f"{SQL}/roles.sql"
    yield mutant(
        "roles: the API gets past row security",
        roles,
        "ALTER ROLE hub_api LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;",
        "ALTER ROLE hub_api LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS;",
        API,
    )
    yield mutant(
        "roles: the operator becomes the owner", roles, "INHERIT TRUE, SET FALSE", "INHERIT TRUE, SET TRUE", OWNERS
    )
    revoked = "REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC"
    granted = "GRANT TEMPORARY ON DATABASE %I TO PUBLIC"
    yield mutant("roles: anybody makes temporary tables", roles, revoked, granted, GRANTS)


#: Which drawn table tells of which rule; the part of the id after the dot is enough where it is one of its own.
TOLD: Final = {
    "query.under-grant": "test_grant",
    "query.purpose-not-offered": "test_purpose",
    "query.clearance-too-low": "test_clearance",
    "query.person-outside-access-from": "test_access_from",
    "query.session-outside-access-from": "test_access_from",
    "keep.by-its-keeper": "test_keeping",
    "keep.person-outside-access-from": "test_keeping",
    "keep.session-outside-access-from": "test_keeping",
    "query.site-outside-process-in": "test_process_in",
    "query.endpoint-outside-process-in": "test_process_in",
    "query.store-outside-store-in": "test_violations",
    "query.database-outside-store-in": "test_violations",
    "query.model-of-forbidden-origin": "test_model_origins",
    "ingest.model-of-forbidden-origin": "test_model_origins",
    "any.forbidden-legal-control": "test_legal_control",
    "any.host-not-sealed": "test_unsealed",
    "role.may-ask": "test_roles",
    "role.may-browse": "test_roles",
    "role.may-recall": "test_roles",
    "role.agent-may-ask": "test_roles",
    "role.service-may-ask": "test_roles",
    "query.agent-for-another-purpose": "test_agents",
    "role.may-manage": "test_roles",
    "role.may-oversee": "test_roles",
    "role.may-administer": "test_roles",
}


def cedar() -> Iterator[Mutant]:
    """Each rule taken out of the law in turn; and the decision's own three principles."""
    file = "catalog/policy/rules.cedar"
    for rule in re.finditer(r'@id\("([^"]+)"\).*?;\n', text_of(file), re.DOTALL):
        table = TOLD.get(rule[1], "test_ingest")
        yield mutant(f"law: without {rule[1]}", file, rule[0], "", f"tests/spec/{table}.py")
    yield mutant(
        "law: clearance reaches one level further",
        file,
        "principal.clearance <",
        "principal.clearance + 1 <",
        "tests/spec/test_clearance.py",
    )
    yield mutant(
        "law: unsealed serves restricted",
        file,
        "classification > 1",
        "classification > 2",
        "tests/spec/test_unsealed.py",
    )
    file = "catalog/policy/decide.py"
    yield mutant("decide: an error is overlooked", file, "if answer.diagnostics.errors:", "if False:", DECIDE)
    unruled = "    if not rules:\n        return NO_RULE\n"
    allowed = "    if not rules:\n        return Ruling(permitted=True, rules=(), reasons=())\n"
    yield mutant("decide: what no rule permits is permitted", file, unruled, allowed, DECIDE)
    yield mutant("decide: a forbid is overruled", file, "answer.decision == cedarpy.Decision.Allow", "True", DECIDE)
    controls = "place for code in legal_control for place in enclosing(code)"
    yield mutant(
        "decide: a part's law is not its country's",
        file,
        controls,
        "legal_control",
        "tests/spec/test_legal_control.py",
    )
    for name, condition in (
        ("begun", "        started,\n"),
        ("ended", "        ~ended,\n"),
        ("suspended", "        columns.suspended_at.is_(None),\n"),
        ("revoked", "        columns.revoked_at.is_(None),\n"),
    ):
        table = "tests/spec/test_grant.py"
        yield mutant(f"facts: a grant's {name} is not looked at", "catalog/grants.py", condition, "", table)
    file = "catalog/policy/facts.py"
    for name, condition in (("purpose", "grants.c.purpose == purpose, "), ("term and end", ", live()")):
        yield mutant(f"facts: a grant's {name} is not looked at", file, condition, "", "tests/spec/test_grant.py")
    gone = ".where(datasets.c.id == visible()).subquery().c"
    yield mutant("facts: withdrawn datasets are decided on", file, gone, ".subquery().c", "tests/spec/test_grant.py")
    file = "catalog/residency.py"
    yield mutant(
        "residency: a part lies in no country",
        file,
        'frozenset({code, code.partition("-")[0]})',
        "frozenset({code})",
        "tests/spec/test_access_from.py",
    )


def python() -> Iterator[Mutant]:
    """The catalog's own habits: audit, context, one transaction."""
    recorded = re.search(
        r"    session\.execute\(\n        insert\(audit_events\).*?\n    \)\n", text_of("catalog/audit.py"), re.DOTALL
    )
    assert recorded
    yield mutant("audit: nothing is recorded", "catalog/audit.py", recorded[0], "    del session, event\n", AUDITED)
    lasting = "SELECT set_config(name, value, true)"
    yield mutant(
        "context: outlives its transaction", "catalog/db.py", lasting, lasting.replace("true", "false"), POOLED
    )
    file = "catalog/disclosure.py"
    yield mutant("disclosure: joins another transaction", file, "    refuse_inside_a_transaction()\n", "", DISCLOSURE)


def index() -> Iterator[Mutant]:
    """One embedding model an index."""
    claimed, retrieved = "tests/catalog/test_index_model.py", "tests/hub/test_retrieve.py"
    file = f"{SQL}/claim_index.sql"
    live = "\n       AND NOT EXISTS (SELECT FROM hub.index_sizes s WHERE s.chunks > 0)"
    yield mutant("index: another model beside live chunks", file, live, "", claimed)
    yield mutant("index: replaced beside a publication under way", file, " FOR UPDATE;", ";", claimed)
    yield mutant("index: any model publishes", "catalog/chunks.py", "    claim(session, model)\n", "", claimed)
    unlike = "    if running != indexed_by:\n"
    yield mutant("index: models are not compared", "catalog/index_model.py", unlike, "    if not running:\n", claimed)
    expected = "        index_model.expect(session, embedded.model)\n"
    yield mutant("index: any model is searched with", "hub/retrieve.py", expected, "", retrieved)


def seal() -> Iterator[Mutant]:
    """The walls around processes."""
    proof = "        probe.assert_sealed()\n"
    without = "        pass\n"
    server = "tests/hub/serving/test_server_process.py::test_without_its_filter_it_refuses"
    yield mutant("model server: starts without its filter", "hub/serving/__main__.py", proof, without, server)
    yield mutant(
        "parser: starts without its filter",
        "hub/seal/forkserver.py",
        proof,
        without,
        "tests/hub/seal/test_forkserver.py",
    )
    file = "hub/seal/throwaway.py"
    strict = "    syscall_filter.strict(os.getpid()).load()\n"
    yield mutant("parser: children keep every call", file, strict, "", SANDBOX)
    yield mutant("parser: children have no limits", file, "    _limit(limits)\n", "", SANDBOX)
    greeting = "    if not report.sealed:\n        return\n"
    yield mutant("parser: an unsealed child takes documents", file, greeting, "", "tests/hub/seal/test_throwaway.py")
    file = "hub/seal/walls.py"
    yield mutant("walls: no filter", file, "    rules.load()\n", "", SEAL)
    # drop_capabilities() has no mutant: with the bounding set empty, becoming the program drops them once more.
    rights = "        kernel.drop_bounding_capabilities()\n"
    yield mutant("walls: rights are kept", file, rights, "        pass\n", SEAL)
    file = "hub/seal/plan.py"
    for part in ("postgres", "model", "parser", "worker", "reader", "issuer", "keys", "api", "ui"):
        row = re.search(rf'            part="{part}",\n.*?sentence', text_of(file), re.DOTALL)
        assert row
        for name, before, after in (
            ("no network of its own", "namespace=True", "namespace=False"),
            ("internet sockets", "families=(AF_UNIX,)", "families=(AF_UNIX, AF_INET)"),
            ("all files", "landlock=True", "landlock=False"),
        ):
            yield mutant(f"plan: {part} has {name}", file, row[0], row[0].replace(before, after), PLAN, *also(name))


def also(name: str) -> tuple[str, ...]:
    """Taking a namespace away must show in a process, too, not only in the table."""
    return (f"{PLAN}::test_it_stands_on_a_network_of_its_own",) if "network" in name else ()


MUTANTS: Final = (
    *disclose_sql(),
    *scope_sql(),
    *doors_sql(),
    *policies_sql(),
    *grants_sql(),
    *cedar(),
    *python(),
    *index(),
    *seal(),
    *DOORS,
    *page_mutants(),
    *bound_mutants(),
    *crawl_mutants(),
    *api_mutants(),
    *identity_mutants(),
    *law_mutants(),
    *leak_mutants(),
    *endpoint_mutants(),
    *stricter_mutants(),
    *desk_mutants(),
    *scan_mutants(),
    *zone_mutants(),
)
