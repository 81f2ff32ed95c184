"""What a crash could leave behind in the index, as queries that must find nothing."""

from typing import LiteralString

#: What must be empty at every moment, seen by someone who sees everything.
HALF: dict[str, LiteralString] = {
    "published without its text": """
        SELECT v.id FROM hub.document_versions v WHERE v.state = 'published'
           AND NOT EXISTS (SELECT FROM hub.chunks c JOIN hub.text_revisions r ON r.id = c.revision_id
                            WHERE c.version_id = v.id AND c.live)""",
    "text of what is not published": """
        SELECT c.id FROM hub.chunks c JOIN hub.document_versions v ON v.id = c.version_id
         WHERE c.live <> (v.state = 'published')""",
    "text without a version that was published": """
        SELECT r.id FROM hub.text_revisions r JOIN hub.document_versions v ON v.id = r.version_id
         WHERE v.state NOT IN ('published', 'superseded')""",
    "two published versions of one document": """
        SELECT document_id FROM hub.document_versions WHERE state = 'published'
         GROUP BY document_id HAVING count(*) > 1""",
    "two texts of one version": "SELECT version_id FROM hub.text_revisions GROUP BY version_id HAVING count(*) > 1",
    "a gap in the text": """
        SELECT c.revision_id FROM hub.chunks c GROUP BY c.revision_id
        HAVING count(*) <> max(c.ordinal) + 1 OR min(c.ordinal) <> 0""",
    "index sizes other than a recount": """
        SELECT dataset_id, language, chunks, lexemes FROM hub.index_sizes WHERE chunks > 0
        EXCEPT SELECT dataset_id, language, count(*), sum(lexeme_count) FROM hub.chunks WHERE live GROUP BY 1, 2""",
    "chunks that no index size counts": """
        SELECT dataset_id, language, count(*), sum(lexeme_count) FROM hub.chunks WHERE live GROUP BY 1, 2
        EXCEPT SELECT dataset_id, language, chunks, lexemes FROM hub.index_sizes""",
    "lexeme counts other than a recount": """
        WITH recount AS (SELECT dataset_id, language, u.lexeme, count(*) AS chunks
                           FROM hub.chunks, unnest(lexemes) u WHERE live GROUP BY 1, 2, 3),
             counts AS (SELECT dataset_id, language, lexeme, chunks FROM hub.lexeme_counts WHERE chunks > 0)
        (TABLE counts EXCEPT TABLE recount) UNION ALL (TABLE recount EXCEPT TABLE counts)""",
    "a size of the dataset other than a recount": """
        SELECT l.id FROM hub.lineages l JOIN hub.datasets d ON d.lineage_id = l.id
         WHERE l.characters <> (SELECT coalesce(sum(r.characters), 0) FROM hub.text_revisions r
                                  JOIN hub.document_versions v ON v.id = r.version_id
                                 WHERE v.dataset_id = d.id AND v.state = 'published')""",
    "an outcome without its one audit row": """
        SELECT v.id FROM hub.document_versions v
          LEFT JOIN hub.audit_events e ON e.object = 'version:' || v.id AND e.type = 'document.published'
         WHERE v.state IN ('published', 'superseded') GROUP BY v.id HAVING count(e.id) <> 1""",
}
