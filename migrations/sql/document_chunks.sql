-- A document's chunks in reading order, within a decision's live scope: ids, never text.
CREATE OR REPLACE FUNCTION hub.document_chunks(p_decision uuid, p_document uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, extensions, pg_temp
AS $$
    SELECT coalesce(array_agg(c.id ORDER BY c.span_start), '{}')
      FROM hub.chunks c
     CROSS JOIN (SELECT s.ids, hub.closed_documents(p_decision, s.ids) AS closed
                   FROM (SELECT hub.live_scope(p_decision) AS ids OFFSET 0) s OFFSET 0) scope
     WHERE c.document_id = p_document AND c.live AND c.dataset_id = ANY (scope.ids)
       AND c.document_id <> ALL (scope.closed)
$$;
