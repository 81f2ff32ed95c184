"""Documents stricter than their dataset, held and out of place: each control taken down."""

import re
from collections.abc import Iterator
from typing import Final

from catalog.datasets import TAGS
from tests.prove.mutant import SQL, Mutant, mutant, text_of

WAYS: Final = "tests/security/test_stricter_documents.py"
DRAWN: Final = "tests/spec/test_stricter_documents.py"
HELD: Final = "tests/ingest/test_held.py"
HOLDS: Final = "tests/catalog/test_holds.py"
PLACE: Final = "tests/catalog/test_out_of_place.py"
STEWARD: Final = "tests/security/test_sql_as_steward.py"
SHARED: Final = "tests/catalog/test_residency.py"
DOOR: Final = "tests/hub/api/test_document_tags.py"


def stricter_mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from _ways()
    yield from _laws()
    yield from _held()
    yield from _placed()


def _ways() -> Iterator[Mutant]:
    """Every function that shows a passage or says that there is one."""
    closed = " AND c.document_id <> ALL (v_closed)"
    own = "       AND c.document_id <> ALL (scope.closed)"
    for name, file, condition in (
        ("in its document", "document_chunks", own),
        ("in whereabouts", "passage_facts", own),
        ("on a page's cost", "page_chunks", closed),
        ("on a page's picture", "disclosed_page", closed),
        ("among what is charged", "disclose", "AND f.id <> ALL (v_closed)"),
        ("among what is read", "disclosed_text", " AND f.id <> ALL (v_closed)"),
        (
            "in the history",
            "turn_answer",
            "               AND c.document_id <> ALL (hub.closed_documents(p_decision, t.dataset_ids))",
        ),
    ):
        yield mutant(f"stricter: shown {name}", f"{SQL}/{file}.sql", condition, "", WAYS)
    file = f"{SQL}/search_chunks.sql"
    opened = "                   AND (cardinality(v_closed) = 0 OR c.document_id <> ALL (v_closed))\n"
    words = opened.replace("                   AND", "                     AND")
    yield mutant("stricter: found by words", file, words, "", WAYS)
    dense = f"{opened}                 ORDER BY (c"
    yield mutant("stricter: found by nearness", file, dense, dense.removeprefix(opened), WAYS)
    near = f"{opened}                 ORDER BY c.embedding"
    yield mutant(
        "stricter: found by nearness in a large index",
        file,
        near,
        near.removeprefix(opened),
        "tests/catalog/test_search_large.py",
    )
    yield mutant(
        "stricter: its length is counted",
        file,
        "v_chunks * v_mean_length - coalesce(sum(c.lexeme_count), 0)",
        "v_chunks * v_mean_length",
        WAYS,
    )
    yield mutant(
        "stricter: its words are counted", file, "SELECT count(*) FROM closed k", "SELECT 0 FROM closed k LIMIT 1", WAYS
    )
    yield mutant(
        "stricter: counted on the card",
        f"{SQL}/holdings.sql",
        "f.law_id IS NULL OR session_user = 'hub_steward'",
        "true",
        WAYS,
    )
    file = f"{SQL}/closed_documents.sql"
    yield mutant("stricter: under any law", file, "f.law_id <> ALL", "NOT f.law_id <> ALL", WAYS)
    yield mutant(
        "stricter: under another's decision",
        file,
        " AND d.subject_id = hub.subject_id()",
        "",
        f"{WAYS}::test_another_persons_decision_closes_every_document",
    )


def _laws() -> Iterator[Mutant]:
    """What a law is made of, and that a change of it is felt at once."""
    yield mutant(
        "re-tag: an old decision opens it",
        f"{SQL}/live_scope.sql",
        " AND s.law_id = ANY (v_decision.law_ids)",
        "",
        WAYS,
    )
    file = f"{SQL}/new_law.sql"
    yield mutant(
        "re-tag: the law stays the same", file, "        NEW.law_id := gen_random_uuid();\n", "        NULL;\n", WAYS
    )
    for tag in TAGS:
        drawn = f"NEW.{tag}"
        yield mutant(f"re-tag: {tag} is no tag", file, drawn, f"OLD.{tag}", WAYS)
    file = "catalog/policy/facts.py"
    unruled = "if ruling.permitted for law in under.law_ids + under.document_laws]"
    yield mutant("decision: names laws it refused", file, unruled, unruled.replace("if ruling.permitted ", ""), WAYS)
    for tag, line in (
        ("place", "            residencies[tag] = both(residencies[tag], expand(codes, here.groups))\n"),
        ("level", "        classification=max(level, own.classification or level, key=lambda one: one.level),\n"),
        ("law", " | set(own.forbidden_legal_control or ())"),
    ):
        less = {"place": "            pass\n", "level": "        classification=level,\n", "law": ""}[tag]
        yield mutant(f"law of a document: its {tag} does not count", file, line, less, DRAWN)
    file, common = "catalog/residency.py", "if enclosing(code) & one and enclosing(code) & other)"
    for name, one in (("own", "one"), ("dataset's", "other")):
        alone = f"if enclosing(code) & {one})"
        yield mutant(f"law of a document: only its {name} place counts", file, common, alone, SHARED)
    yield mutant("tags: of no place at all", file, "return bool(inside) and all(", "return all(", SHARED)
    file = "catalog/document_tags.py"
    yield mutant("tags: a lower level", file, "own.classification.level < level.level", "False", DRAWN)
    yield mutant("tags: a place outside", file, "if not within(codes, limit, known):", "if not codes:", DRAWN)
    yield mutant("tags: a law less", file, "if missing := sorted(set(least) - named):", "if missing := []:", DRAWN)
    possible = "    require_possible(effective(dataset, found, known), known)\n"
    yield mutant("tags: nowhere at all, of a document", file, possible, "", DRAWN)
    kept = "checked(row, stricter(before, own, known), known)"
    yield mutant(
        "tags: handed in looser than they were", "catalog/document_laws.py", kept, "checked(row, own, known)", DOOR
    )
    file = "catalog/disclosure.py"
    yield mutant(
        "answer: its document's level is not told",
        file,
        '(row["classification"], row.pop("own_classification"))',
        '(row["classification"], row.pop("own_classification") and None)',
        DOOR,
    )
    policy = "USING (dataset_id IN (SELECT g.dataset_id FROM hub.grants g));"
    yield mutant(
        "grants: laws of documents beyond one's grants",
        f"{SQL}/law.sql",
        policy,
        "USING (true);",
        f"{WAYS}::test_who_holds_no_grant_hears_of_no_law_of_a_document",
    )


def _held() -> Iterator[Mutant]:
    """What waits for a person."""
    file = "ingest/tag.py"
    yield mutant(
        "held: nothing is in doubt",
        file,
        "    if doubt := document_laws.doubt(session, dataset_id, own):\n        raise HeldError(*doubt)\n",
        "",
        HELD,
    )
    yield mutant("held: what is printed is not looked at", file, "asked.level > declared.level", "False", HELD)
    yield mutant("held: for ever", file, " and not parsed.order.released", "", HELD)
    yield mutant(
        "taken in: under the dataset's tags alone",
        file,
        "ingest_ruling(session, dataset_id, here, own)",
        "ingest_ruling(session, dataset_id, here)",
        HELD,
    )
    yield mutant(
        "held: not looked at again",
        "ingest/store.py",
        "        tag.agree(session, parsed, site)",
        "        tag.permit(session, parsed.order.dataset_id, site)",
        HELD,
    )
    file = f"{SQL}/decide_hold.sql"
    yield mutant("held: decided twice", file, "v_version.state <> 'held'", "false", STEWARD)
    own = "v_owner IS DISTINCT FROM hub.subject_organisation()"
    yield mutant("held: decided by another's steward", file, own, "false", STEWARD)
    yield mutant(
        "held: handed in released", f"{SQL}/law.sql", "WITH CHECK (NOT released)", "WITH CHECK (true)", STEWARD
    )
    told = re.search(r"    INSERT INTO hub.audit_events.*?;\n", text_of(file), re.DOTALL)
    assert told
    yield mutant("held: decided without a trace", file, told[0], "", HOLDS)
    yield mutant(
        "handed in: with its own tags unasked",
        "hub/submit.py",
        "    ruling = ingest_ruling(session, dataset_id, here, tags)\n",
        "    ruling = ingest_ruling(session, dataset_id, here)\n",
        DOOR,
    )
    yield mutant(
        "handed in: with its former tags unasked",
        "hub/submit.py",
        "            ruling = ingest_ruling(session, dataset_id, here, own)\n",
        "            pass\n",
        DOOR,
    )
    yield mutant(
        "handed in: with looser tags", "hub/submit.py", "    document_laws.check(session, dataset_id, tags)\n", "", DOOR
    )


def _placed() -> Iterator[Mutant]:
    """What lies where it may not any more."""
    rules = "catalog/policy/rules.cedar"
    for part in ("store", "database"):
        forbidden = f'resource.store_in.containsAny(context.{part}) }};\n\n@id("query.'
        yield mutant(f"out of place: a {part} elsewhere is read", rules, forbidden, 'true };\n\n@id("query.', PLACE)
    file = f"{SQL}/stored_laws.sql"
    yield mutant("out of place: others' are told", file, "v_owner IS NULL OR d.owner_id = v_owner", "true", PLACE)
    file = "catalog/out_of_place.py"
    yield mutant("out of place: nothing is listed", file, "        if refused:\n", "        if False:\n", PLACE)
    yield mutant("out of place: a database elsewhere is not", file, " or one.rule == _DATABASE", "", PLACE)
