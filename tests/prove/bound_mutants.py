"""The walls around the bound, taken down one at a time: ceilings, copies, accounts, modes, what a heading costs."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

NOTHING: Final = "tests/security/test_nothing_regained.py"
MODES: Final = "tests/catalog/test_modes.py"
PAGES: Final = "tests/catalog/test_pages.py"
BOUND: Final = "tests/catalog/test_disclosure_bound.py"
RACE: Final = "tests/security/test_budget_race.py"


def open_budgets_sql() -> Iterator[Mutant]:
    """What the budget rows are opened with."""
    file = f"{SQL}/open_budgets.sql"
    below = "IF v_row.ceiling < 1 THEN"
    yield mutant("bound: organisations are not counted together", file, below, "IF false THEN", NOTHING)
    lock = "WHERE p.person_id = p_person AND p.lineage_id = v_row.lineage_id FOR UPDATE) o"
    yield mutant("disclose: the person's row is not locked", file, lock, lock.replace(" FOR UPDATE", ""), RACE)
    rolled = "CASE WHEN o.rolled THEN 0 ELSE b.window_used END,\n               window_limit"
    kept = rolled.replace("CASE WHEN o.rolled THEN 0 ELSE b.window_used END", "b.window_used")
    yield mutant("disclose: a window never refills", file, rolled, kept, "tests/catalog/test_disclosure.py")
    clock = "v_now >= p.window_started_at +"
    yield mutant(
        "bound: a clock set back opens a window", file, clock, "v_now < p.window_started_at OR " + clock, NOTHING
    )
    unshared = "coalesce(v_organisation, -1)"
    ample = unshared.replace("-1", "1000000000000::bigint")
    yield mutant("bound: no share is no limit", file, unshared, ample, NOTHING)
    origins = "FROM (SELECT DISTINCT unnest(a.origin_lineages) AS id FROM asked a) o"
    yield mutant(
        "bound: a copy's original is not opened", file, origins, origins.replace(") o", " WHERE false) o"), NOTHING
    )
    peak = "SELECT l.id, l.peak_characters, l.ceiling_share"
    yield mutant("bound: what moved is measured by what is left", file, peak, peak.replace("peak_", ""), NOTHING)
    for name in ("window", "lifetime"):
        most = f"least(coalesce(p_{name}, p_dataset.{name}_characters), p_dataset.most_{name}_characters)"
        wider = f"coalesce(p_{name}, p_dataset.{name}_characters)"
        yield mutant(f"bound: a grant's {name} is past the owner's limit", file, most, wider, MODES)
    out = "    late = _supersede(session, asked.dataset_id, asked.document_id, version_id)\n"
    grown = "        _grow(session, asked.dataset_id, len(revision.text))\n"
    last = "    if not late:  # and last: the old and the new together were never there to read\n"
    beside = f"    if True:\n{grown}{out}"
    yield mutant("bound: a new version stands beside the old", "catalog/chunks.py", out + last + grown, beside, NOTHING)
    within = "    if not late:  # and last"
    counted = "    if True:  # and last"
    published = "tests/catalog/test_publish.py"
    yield mutant("bound: a late version is counted in", "catalog/chunks.py", within, counted, published)
    full = "CASE WHEN p_mode = 'full' THEN p_lineage.full_share END AS share"
    yield mutant("bound: every grant reads in full", file, full, "p_lineage.full_share AS share", MODES)


def charging_sql() -> Iterator[Mutant]:
    """What is charged to whom."""
    file = f"{SQL}/disclose.sql"
    lineages = "d.lineage_id || c.origin_lineages AS lineages"
    yield mutant("bound: a copy is charged to itself alone", file, lineages, "ARRAY[d.lineage_id] AS lineages", NOTHING)
    person = "v_person uuid := hub.charged_person();"
    yield mutant(
        "bound: each account is a person", file, person, person.replace("charged_person", "subject_id"), NOTHING
    )
    whole = "UPDATE hub.lineage_budgets b SET used = b.used + s.spent"
    yield mutant("bound: the whole is not charged", file, whole, whole.replace("s.spent", "0"), NOTHING)
    # A lineage without a budget has no mutant: all that a passage in scope is charged to are opened before.
    file = f"{SQL}/passage_spans.sql"
    yield mutant(
        "bound: headings are free", file, "CASE WHEN p_heading = ''", "CASE WHEN true", HEADINGS, PAGES_HEADING
    )
    file = f"{SQL}/trace_copies.sql"
    shared = "hits.shared * 5 >= held.prints"
    yield mutant("bound: only whole copies count", file, shared, "hits.shared >= held.prints", NOTHING)
    other = "k.lineage_id <> v_lineage"
    yield mutant("bound: no text is a copy", file, other, f"{other} AND false", NOTHING)
    wait = "PERFORM pg_advisory_xact_lock(743, hashint8(least.print))"
    yield mutant("bound: two copies at once don't see each other", file, wait, "PERFORM 1", f"{COPIES}::{AT_ONCE}")
    merged = "    for merged in (_MERGE_COUNTERS, _MERGE_SPANS):\n"
    yield mutant(
        "bound: what a second account read is forgotten",
        "catalog/people.py",
        merged,
        "    for merged in ():\n",
        NOTHING,
    )


COPIES: Final = "tests/catalog/test_copies.py"
AT_ONCE: Final = "test_two_copies_published_at_the_same_moment_know_of_each_other"
HEADINGS: Final = f"{BOUND}::test_a_heading_is_charged_once_and_free_when_it_comes_again"
PAGES_HEADING: Final = f"{BOUND}::test_the_price_of_a_page_holds_its_headings"


def modes_sql() -> Iterator[Mutant]:
    """What each mode opens, and who confirms."""
    scope = " AND (g.mode IN ('quotes', 'full') OR p_form = 'context')"
    yield mutant("mode: answers open passages", f"{SQL}/live_scope.sql", scope, "", MODES)
    train = "\n       AND g.mode <> 'train'"
    yield mutant("mode: training opens text", f"{SQL}/live_grants.sql", train, "", MODES)
    stripped = "t.dataset_ids <@ hub.live_scope(p_decision, 'reading')"
    yield mutant("mode: the history keeps its words", f"{SQL}/turn_answer.sql", stripped, "true", MODES)
    shown = "d.id = ANY (v_shown)"
    yield mutant("mode: everything is shown", f"{SQL}/disclosed_text.sql", shown, "true", MODES)
    file = f"{SQL}/set_ceiling.sql"
    confirmed = "IF p_share > v_had AND p_confirmed IS DISTINCT FROM v_reachable THEN"
    yield mutant("ceiling: raised without a word", file, confirmed, "IF false THEN", MODES)
    owner = " OR (session_user <> 'hub_operator' AND v_owner IS DISTINCT FROM hub.subject_organisation())"
    yield mutant("ceiling: anybody's", file, owner, "", MODES)
    anew = "DELETE FROM hub.lineage_budgets b WHERE b.lineage_id = v_lineage.id;"
    yield mutant("ceiling: lowered, and what was read is forgotten", file, anew, "NULL;", NOTHING)
    file = "catalog/grants.py"
    yield mutant("mode: full reading unconfirmed", file, "    if not confirmed:\n", "    if False:\n", MODES)


def second_line_sql() -> Iterator[Mutant]:
    """Asking for more, and alerts."""
    steps = "tests/hub/api/test_step_ups.py"
    file = f"{SQL}/decide_step_up.sql"
    yield mutant("step-up: decided by the asker", file, " AND s.person_id <> hub.subject_id()", "", steps)
    yield mutant("step-up: decided by any steward", file, " AND d.owner_id = hub.subject_organisation()", "", steps)
    once = "IF v_asked.decided_at IS NOT NULL THEN"
    yield mutant("step-up: decided twice", file, once, "IF false THEN", steps)
    file = f"{SQL}/raise_alerts.sql"
    yield mutant("alert: a bait raises none", file, " AND f.bait", " AND false", steps)
    yield mutant("alert: every document is a bait", file, " AND f.bait", "", steps)
    novel = "seen.fresh * 10 >= seen.passages * 9"
    yield mutant("alert: reading again is novel", file, novel, "true", steps)
    file = f"{SQL}/acknowledge_alert.sql"
    own = " AND a.person_id IS DISTINCT FROM hub.charged_person()"
    yield mutant("alert: acknowledged by whom it is about", file, own, "", steps)
    once = "IF v_alert.acknowledged_at IS NOT NULL THEN"
    yield mutant("alert: acknowledged twice", file, once, "IF false THEN", steps)
    theirs = "session_user <> 'hub_operator' AND v_owner IS DISTINCT FROM hub.subject_organisation()"
    told = "tests/catalog/test_copied_elsewhere.py"
    yield mutant("copy: any steward hears of it", f"{SQL}/copied_elsewhere.sql", theirs, "false", told)


def public_metadata_sql() -> Iterator[Mutant]:
    """What is public is a list, and only its owner's stewards say that they looked at it."""
    tests, listed = "tests/catalog/test_public_metadata.py", "tests/hub/api/test_public_metadata.py"
    file = f"{SQL}/metadata_review.sql"
    owned = " AND dataset_id IN (SELECT d.id FROM hub.datasets d)"
    yield mutant("public: reviewed by any steward", file, owned, "", tests)
    yield mutant("public: reviewed in another's name", file, "person_id = hub.subject_id() AND ", "", tests)
    theirs = "ELSE d.owner_id = hub.subject_organisation() END"
    yield mutant("public: any steward hears of a review", file, theirs, "ELSE true END", tests)
    operator = "CREATE POLICY operator ON hub.metadata_reviews FOR SELECT TO"
    yield mutant("public: reviewed by the operator", file, operator, operator.replace(" FOR SELECT", ""), tests)
    for verb in ("UPDATE OR ", " OR DELETE"):
        trigger = "BEFORE UPDATE OR DELETE ON hub.metadata_reviews"
        yield mutant(f"public: a review may be changed ({verb.strip()} not held)", f"{SQL}/append_only.sql", trigger,
                     trigger.replace(verb, ""), tests)  # fmt: skip
    emptied = "BEFORE TRUNCATE ON hub.metadata_reviews"
    elsewhere = emptied.replace("metadata_reviews", "clock")
    yield mutant("public: reviews may be emptied", f"{SQL}/append_only.sql", emptied, elsewhere, tests)
    file = "catalog/public_metadata.py"
    yield mutant(
        "public: a stale digest is taken", file, "    if digest(row) != looked_at:\n", "    if False:\n", tests
    )
    yield mutant("public: a review leaves no act", file, "    record(session, event)\n", "", tests)
    words = "{name: row[name] for name in WORDS}"
    yield mutant("public: other words are not noticed", file, words, "{}", tests)
    yield mutant("public: another list is not noticed", file, '{"list": listed, ', '{"list": [], ', tests)
    counted = ", documents.c.law_id.is_(None))"
    yield mutant("public: stricter documents are counted", file, counted, ")", tests)
    yield mutant("public: a field of the card is not listed", file, '"card.owner.slug", ', "", listed)


def verbatim_py() -> Iterator[Mutant]:
    """How much is repeated word for word."""
    tests, file = "tests/hub/guardrails/test_verbatim.py", "hub/guardrails/verbatim.py"
    run = "if any(limit and run > limit.run for run, limit in runs):"
    yield mutant("verbatim: no stretch is too long", file, run, "if False:", tests)
    share = "return self._length > self._shares_from and"
    yield mutant("verbatim: stitched pieces are no copy", file, share, "return False and", tests)
    after = "        if self.cut:\n            return\n"
    yield mutant("verbatim: it goes on after the cut", file, after, "", tests)
    flow, asked = "hub/ask.py", "tests/hub/test_ask.py"
    yield mutant(
        "verbatim: the listener hears all of it",
        flow,
        "question, passages, scope, within.piece",
        "question, passages, scope, tell.piece",
        asked,
    )
    yield mutant("verbatim: the answer holds all of it", flow, "check(within.text,", "check(draft.text,", asked)


def bound_mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from second_line_sql()
    yield from open_budgets_sql()
    yield from charging_sql()
    yield from modes_sql()
    yield from public_metadata_sql()
    yield from verbatim_py()
