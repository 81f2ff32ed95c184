-- The reader's one question: which original holds a page whose every chunk was disclosed to the current person by a
-- charge that has committed, under a decision at most 30 s old and grants that are live now. Never a word of text.
CREATE OR REPLACE FUNCTION hub.disclosed_page(p_disclosure uuid, p_chunk uuid, p_page integer)
    RETURNS TABLE (sha256 text, size_bytes bigint, media_type text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_disclosure hub.disclosures%ROWTYPE;
    v_scope uuid[];
    v_closed uuid[];
BEGIN
    SELECT * INTO v_disclosure FROM hub.disclosures d
     WHERE d.id = p_disclosure AND d.subject_id = hub.subject_id()
       AND pg_xact_status(d.charged_in::text::xid8) = 'committed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such committed disclosure for this person' USING ERRCODE = 'HD001';
    END IF;
    v_scope := hub.live_scope(v_disclosure.decision_id, 'reading');
    v_closed := hub.closed_documents(v_disclosure.decision_id, v_scope);
    RETURN QUERY
    SELECT v.sha256, v.size_bytes, v.media_type
      FROM hub.chunks c
      JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'
     WHERE c.id = p_chunk AND c.live AND c.dataset_id = ANY (v_scope) AND c.document_id <> ALL (v_closed)
       AND p_page BETWEEN c.first_page AND c.last_page
       AND NOT EXISTS (
            SELECT FROM hub.chunks o
             WHERE o.version_id = c.version_id AND o.live AND p_page BETWEEN o.first_page AND o.last_page
               AND o.id <> ALL (v_disclosure.chunk_ids));
END
$$;
