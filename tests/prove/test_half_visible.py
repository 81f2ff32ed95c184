"""Each query for half-visible documents finds nothing in a sound index, and finds the damage it is for."""

from typing import LiteralString

import psycopg
import pytest

from tests.fixtures.nation import Nation
from tests.prove.half_visible import HALF

DAMAGE: dict[str, LiteralString] = {
    "published without its text": "DELETE FROM hub.chunks",
    "text of what is not published": "UPDATE hub.chunks SET live = true",
    "text without a version that was published": """
        UPDATE hub.document_versions SET state = 'quarantined', settled_at = NULL WHERE state = 'published'""",
    "two published versions of one document": "UPDATE hub.document_versions SET state = 'published'",
    "two texts of one version": """
        INSERT INTO hub.text_revisions (version_id, dataset_id, parser, language, pages, characters, body)
        SELECT version_id, dataset_id, parser, language, pages, characters, body FROM hub.text_revisions LIMIT 1""",
    "a gap in the text": "UPDATE hub.chunks SET ordinal = 7 WHERE ordinal = 0 AND live",
    "index sizes other than a recount": "UPDATE hub.index_sizes SET lexemes = lexemes + 1",
    "chunks that no index size counts": "DELETE FROM hub.index_sizes",
    "lexeme counts other than a recount": "UPDATE hub.lexeme_counts SET chunks = 9 WHERE lexeme = 'pump'",
    "a size of the dataset other than a recount": "UPDATE hub.lineages SET characters = characters - 1",
    "an outcome without its one audit row": """
        INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
        SELECT type, actor, object, dataset_ids, detail FROM hub.audit_events WHERE type = 'document.published'""",
}


@pytest.fixture
def index(nation: Nation) -> Nation:
    """Two documents, one of them in its second version."""
    nation.dataset("water")
    nation.document("water", "a.txt", ["The gate is old. ", "It is closed. "])
    nation.document("water", "a.txt", ["The pump is new. ", "It runs. "])
    nation.document("water", "b.txt", ["The sluice is open. "])
    return nation


def found(connection: psycopg.Connection) -> set[str]:
    return {what for what, query in HALF.items() if connection.execute(query).fetchall()}


def test_a_sound_index_shows_nothing(index: Nation) -> None:
    with index.database.connect() as connection:
        assert found(connection) == set()
        assert connection.execute("SELECT count(*) FROM hub.chunks").fetchall() == [(5,)]


@pytest.mark.parametrize("what", HALF)
def test_each_damage_is_found(index: Nation, what: str) -> None:
    with index.database.connect() as connection:
        connection.execute(DAMAGE[what])
        assert what in found(connection)
