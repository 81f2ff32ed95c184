-- The gate, second half: the text of a disclosure that is the current person's, at most 30 s old, under a grant
-- that is live now, and whose charge has committed (a transaction sees itself as still in progress). `shown`: the
-- person themselves may see the passage, not the answer alone. `own_*`: the document's own tags, where it has any.
DROP FUNCTION IF EXISTS hub.disclosed_text(uuid); -- a changed row type can't be replaced
CREATE FUNCTION hub.disclosed_text(p_disclosure uuid)
    RETURNS TABLE (
        chunk_id uuid, dataset_id uuid, dataset_slug text, dataset_title text, classification text,
        store_in text[], process_in text[], document_id uuid, document_name text, law_id uuid, media_type text,
        version_id uuid, version_ordinal integer, published_at timestamptz, revision_id uuid,
        span_start integer, span_end integer, first_page integer, last_page integer, heading text, body text,
        charged integer, shown boolean, own_classification text, own_store_in text[], own_process_in text[]
    )
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = hub, extensions, pg_temp
    SET plan_cache_mode = force_generic_plan -- planned anew, it would take longer beside much else
AS $$
#variable_conflict use_column
DECLARE
    v_disclosure hub.disclosures%ROWTYPE;
    v_scope uuid[];
    v_shown uuid[];
    v_closed uuid[];
BEGIN
    SELECT * INTO v_disclosure FROM hub.disclosures d
     WHERE d.id = p_disclosure AND d.subject_id = hub.subject_id()
       AND pg_xact_status(d.charged_in::text::xid8) = 'committed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such committed disclosure for this person' USING ERRCODE = 'HD001';
    END IF;
    v_scope := hub.live_scope(v_disclosure.decision_id, v_disclosure.form);
    v_closed := hub.closed_documents(v_disclosure.decision_id, v_scope);
    v_shown := CASE WHEN v_disclosure.form = 'reading' THEN v_scope
                    ELSE hub.live_scope(v_disclosure.decision_id, 'reading') END;
    RETURN QUERY
    SELECT c.id, d.id, d.slug, d.title, d.classification, d.store_in, d.process_in, f.id, f.name, f.law_id,
           v.media_type,
           v.id, v.ordinal, v.settled_at, c.revision_id,
           c.span_start, c.span_end, c.first_page, c.last_page, c.heading, c.body, taken.charged, d.id = ANY (v_shown),
           o.classification, o.store_in, o.process_in
      FROM unnest(v_disclosure.chunk_ids, v_disclosure.charged) WITH ORDINALITY AS taken (id, charged, place)
      JOIN hub.chunks c ON c.id = taken.id AND c.live
      JOIN hub.datasets d ON d.id = c.dataset_id AND d.id = ANY (v_scope)
      JOIN hub.documents f ON f.id = c.document_id AND f.id <> ALL (v_closed)
      LEFT JOIN hub.document_laws o ON o.id = f.law_id
      JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'
     ORDER BY taken.place;
END
$$;
