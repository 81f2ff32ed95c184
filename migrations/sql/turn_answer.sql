-- An answer of the current person's own history, while everything it was made from is still theirs to read:
-- every dataset in the decision's live scope, every passage live. Reading again what was charged costs nothing.
-- Where a grant is for answers only, the passages keep their places and lose their words.
CREATE OR REPLACE FUNCTION hub.turn_answer(p_decision uuid, p_turn uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT CASE WHEN t.dataset_ids <@ hub.live_scope(p_decision, 'reading') THEN t.answer ELSE t.answer || jsonb_build_object(
               'passages', (SELECT coalesce(jsonb_agg(p || '{"body": "", "heading": "", "shown": false}'), '[]')
                              FROM jsonb_array_elements(t.answer -> 'passages') p),
               'citations', (SELECT coalesce(jsonb_agg(c || '{"quote": ""}'), '[]')
                               FROM jsonb_array_elements(t.answer -> 'citations') c)) END
      FROM hub.turns t
     WHERE t.id = p_turn AND t.person_id = hub.subject_id()
       AND t.dataset_ids <@ hub.live_scope(p_decision)
       AND cardinality(t.chunk_ids) = (
            SELECT count(*) FROM hub.chunks c
              JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'
             WHERE c.id = ANY (t.chunk_ids) AND c.live AND c.dataset_id = ANY (t.dataset_ids)
               AND c.document_id <> ALL (hub.closed_documents(p_decision, t.dataset_ids)))
$$;
