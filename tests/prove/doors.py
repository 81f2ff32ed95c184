"""Mutants of what the doors for people stand on: history, cards, stewards, the doors themselves, the answer."""

from collections.abc import Iterator
from typing import Final

from tests.prove.mutant import SQL, Mutant, mutant

TURNS: Final = "tests/catalog/test_turns.py"
CARDS: Final = "tests/catalog/test_cards.py"
WHEREABOUTS: Final = "tests/catalog/test_whereabouts.py"
WITHDRAWN: Final = "tests/catalog/test_withdrawals.py"
STEWARD: Final = "tests/security/test_sql_as_steward.py"
MATRIX: Final = "tests/security/test_api_matrix.py"
UNDECLARED: Final = "tests/hub/api/test_undeclared.py"
BEARING: Final = "tests/hub/guardrails/test_bearing.py"
PUBLISHED: Final = " AND v.state = 'published'"


def history() -> Iterator[Mutant]:
    """An answer again: whose, under which scope, made from what."""
    file = f"{SQL}/turn_answer.sql"
    for name, condition in (
        ("anybody's", " AND t.person_id = hub.subject_id()"),
        ("after the grants", "       AND t.dataset_ids <@ hub.live_scope(p_decision)\n"),
        ("from superseded text", " AND c.live"),
        ("from withdrawn text", PUBLISHED),
        ("from datasets it doesn't name", " AND c.dataset_id = ANY (t.dataset_ids)"),
    ):
        yield mutant(f"history: an answer {name}", file, condition, "", TURNS)
    file = f"{SQL}/doors.sql"
    own = "    USING (person_id = hub.subject_id()) WITH CHECK (person_id = hub.subject_id());\n"
    yield mutant(
        "history: everybody's is seen", file, own, own.replace("person_id = hub.subject_id()", "true", 1), TURNS
    )
    owned = "FOR SELECT TO hub_disclosure USING (person_id = hub.subject_id());"
    opened = owned.replace("person_id = hub.subject_id()", "true")
    yield mutant("history: the door reads everybody's", file, owned, opened, TURNS)
    others = own.replace("WITH CHECK (person_id = hub.subject_id())", "WITH CHECK (true)")
    yield mutant("history: written for others", file, own, others, TURNS)
    readable = "asked_at, purpose, question, refused, dataset_ids, useful, note)\n    ON hub.turns TO hub_api;"
    answers = readable.replace("refused,", "refused, answer,")
    yield mutant("history: the API reads answers", file, readable, answers, "tests/security/test_sql_as_api.py")


def cards() -> Iterator[Mutant]:
    """What one may know of datasets one may not read."""
    file = f"{SQL}/visible_datasets.sql"
    for name, before, after in (
        ("unlisted ones", " WHERE l.listed", ""),
        ("withdrawn ones", " AND d.withdrawn_at IS NULL", ""),
        ("granted to another", "g.person_id = (SELECT hub.subject_id())", "g.person_id IS NOT NULL"),
        (
            "granted to another organisation",
            "g.organisation_id = (SELECT hub.granted_organisation())",
            "g.organisation_id IS NOT NULL",
        ),
        ("another steward's", " AND o.owner_id = (SELECT hub.subject_organisation())", ""),
        ("a steward's, to the person they are", "session_user = 'hub_steward' AND ", ""),
    ):
        yield mutant(f"cards: {name} are counted", file, before, after, CARDS)
    file = f"{SQL}/holdings.sql"
    yield mutant("cards: every dataset is counted", file, "hub.visible_datasets() AS s (id)", "hub.datasets s", CARDS)
    yield mutant("cards: what is not published is counted", file, PUBLISHED, "", CARDS)
    file = f"{SQL}/characters_left.sql"
    granted = "hub.live_grants(p_purpose) g"
    anybody = "(SELECT * FROM hub.grants WHERE purpose = p_purpose) g"
    yield mutant("cards: what is left for others is told", file, granted, anybody, CARDS)
    person = " AND b.person_id = hub.charged_person()"
    yield mutant("cards: what others read is taken off", file, person, "", CARDS)
    other = " AND o.organisation_id = hub.subject_organisation()"
    yield mutant("cards: what other organisations read is taken off", file, other, "", CARDS)
    for name, line in (
        ("the lifetime", "coalesce(max(b.lifetime_used), 0)"),
        ("the organisation's part", "coalesce(max(o.used), 0)"),
    ):
        yield mutant(f"cards: {name} is not counted", file, line, "0", CARDS)


def stewards() -> Iterator[Mutant]:
    """Each for their own organisation."""
    file = f"{SQL}/doors.sql"
    own = "USING (owner_id = hub.subject_organisation()) WITH CHECK (owner_id = hub.subject_organisation())"
    using, check = (part.strip() for part in (own.partition(" WITH")[0], own.partition(") ")[2]))
    yield mutant("steward: sees all datasets", file, own, f"USING (true) {check}", STEWARD)
    yield mutant("steward: registers for others", file, own, f"{using} WITH CHECK (true)", STEWARD)
    own = "dataset_id IN (SELECT d.id FROM hub.datasets d)"
    using, check = f"            USING ({own})\n", f"            WITH CHECK ({own})'"
    for table in ("submissions", "documents", "document_versions"):
        wider = f"{own} OR ''%1$I'' = ''{table}''"
        yield mutant(f"steward: sees all {table}", file, using, using.replace(own, wider), STEWARD)
        yield mutant(f"steward: writes all {table}", file, check, check.replace(own, wider), STEWARD)
    people = "    USING (id = hub.subject_id());"
    yield mutant("steward: sees all people", file, people, "    USING (hub.subject_id() IS NOT NULL);", STEWARD)
    shown = "    USING (dataset_id IN (SELECT d.id FROM hub.datasets d));\nCREATE POLICY steward_insert ON hub.grants"
    every = shown.replace("dataset_id IN (SELECT d.id FROM hub.datasets d)", "true")
    yield mutant("steward: sees all grants", file, shown, every, STEWARD)
    public = " WHERE d.classification = 'public'"
    yield mutant("steward: opens what isn't public", file, public, "", STEWARD)
    everyone = "WITH CHECK (everyone AND dataset_id IN"
    yield mutant("steward: grants to one person", file, everyone, "WITH CHECK (dataset_id IN", STEWARD)
    yield mutant(
        "steward: says how large a lineage is", file, "WITH CHECK (characters = 0)", "WITH CHECK (true)", STEWARD
    )
    acted = "INSERT TO hub_steward\n    WITH CHECK (actor = 'person:' || hub.subject_id())"
    yield mutant("steward: acts for others", file, acted, "INSERT TO hub_steward\n    WITH CHECK (true)", STEWARD)
    lineages = "USING (id IN (SELECT d.lineage_id FROM hub.datasets d));"
    yield mutant("steward: sees all lineages", file, lineages, "USING (true);", STEWARD)
    file = f"{SQL}/version_pages.sql"
    yield mutant("steward: counts others' pages", file, " AND d.owner_id = hub.subject_organisation()", "", STEWARD)


def passages() -> Iterator[Mutant]:
    """Where a chunk comes from, and text that its owner took out."""
    file = f"{SQL}/passage_facts.sql"
    scope = " AND c.dataset_id = ANY (scope.ids)"
    yield mutant("whereabouts: outside the scope too", file, scope, "", WHEREABOUTS)
    yield mutant("whereabouts: of superseded text too", file, " AND c.live", "", WHEREABOUTS)
    yield mutant("disclose: withdrawn text too", f"{SQL}/disclose.sql", PUBLISHED, "", WITHDRAWN)
    yield mutant("text: withdrawn text too", f"{SQL}/disclosed_text.sql", PUBLISHED, "", WITHDRAWN)


def doors() -> Iterator[Mutant]:
    """What `api_mutants` leaves of a route's rule."""
    file = "hub/api/doors.py"
    yield mutant(
        "door: written down and let through", file, "            raise NotAllowedError\n", "            pass\n", MATRIX
    )
    one = "    if len(declared) == 1:\n"
    yield mutant("door: a route may declare two rules", file, one, "    if declared:\n", UNDECLARED)


def answers() -> Iterator[Mutant]:
    """What bears an answer."""
    file = "hub/guardrails/answer.py"
    rows = "                near = [sentence]\n"
    beside = "                near = [row for row in cut if row.table == sentence.table]\n"
    yield mutant("answer: rows bear each other", file, rows, beside, BEARING)
    asked = "if place.quote.table is None or _naming(asked, place) == most[place.passage.document_id]:"
    yield mutant("answer: any row will do", file, asked, "if most is not None:", BEARING)
    parts = "    if not all(_added(part, question) for part in parts):\n"
    yield mutant("answer: sentences bear each other", file, parts, "    if parts:\n", BEARING)
    yield mutant("answer: turned into its opposite", file, " or best.turned", "", BEARING)
    held = " if own else 0.0"
    yield mutant("answer: borne by what isn't quoted", file, held, "", BEARING)
    file = "hub/generate.py"
    named = "            model = _named_by(piece.raw, model)\n"
    yield mutant("answer: named by who ran before", file, named, "", "tests/hub/test_generate.py")


DOORS: Final = (
    *history(),
    *cards(),
    *stewards(),
    *passages(),
    *doors(),
    *answers(),
)
