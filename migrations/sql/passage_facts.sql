-- What a search can be narrowed by: where a chunk comes from, within a decision's live scope; no names and no text.
-- `law_id`: the law of the document's own tags, where it has any.
DROP FUNCTION IF EXISTS hub.passage_facts(uuid, uuid[]); -- a changed row type can't be replaced
CREATE FUNCTION hub.passage_facts(p_decision uuid, p_chunks uuid[])
    RETURNS TABLE (
        chunk_id uuid, dataset_id uuid, document_id uuid, law_id uuid, media_type text, published_at timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
    SET plan_cache_mode = force_generic_plan -- planned anew, it would take longer beside much else
AS $$
    SELECT c.id, c.dataset_id, c.document_id, f.law_id, v.media_type, v.settled_at
      FROM hub.chunks c
      JOIN hub.documents f ON f.id = c.document_id
      JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'
     CROSS JOIN (SELECT s.ids, hub.closed_documents(p_decision, s.ids) AS closed
                   FROM (SELECT hub.live_scope(p_decision) AS ids OFFSET 0) s OFFSET 0) scope
     WHERE c.id = ANY (p_chunks) AND c.live AND c.dataset_id = ANY (scope.ids)
       AND c.document_id <> ALL (scope.closed)
$$;
