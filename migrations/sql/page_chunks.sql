-- What a picture of a page of a passage would disclose: every live chunk of the version that touches the page, in
-- reading order, how many of its characters the current person has not read, and whether the budget holds them.
-- A dry figure: nothing is charged and nothing locked; disclose() decides.
CREATE OR REPLACE FUNCTION hub.page_chunks(
    p_decision uuid, p_chunk uuid, p_page integer,
    OUT page integer, OUT first_page integer, OUT last_page integer, OUT media_type text, OUT chunk_ids uuid[],
    OUT cost bigint, OUT characters_left bigint, OUT refills_at timestamptz
)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_scope uuid[] := hub.live_scope(p_decision, 'reading');
    v_closed uuid[] := hub.closed_documents(p_decision, v_scope);
    v_purpose text;
    v_chunk record;
BEGIN
    SELECT c.version_id, c.dataset_id, c.first_page, c.last_page, v.media_type, coalesce(p_page, c.first_page) AS page
      INTO v_chunk
      FROM hub.chunks c
      JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'
     WHERE c.id = p_chunk AND c.live AND c.dataset_id = ANY (v_scope) AND c.document_id <> ALL (v_closed)
       AND coalesce(p_page BETWEEN c.first_page AND c.last_page, true);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    page := v_chunk.page;
    first_page := v_chunk.first_page;
    last_page := v_chunk.last_page;
    media_type := v_chunk.media_type;
    SELECT coalesce(array_agg(c.id ORDER BY c.span_start), '{}') INTO chunk_ids
      FROM hub.chunks c
     WHERE c.version_id = v_chunk.version_id AND c.live AND v_chunk.page BETWEEN c.first_page AND c.last_page;
    SELECT coalesce(sum(upper(fresh) - lower(fresh)), 0) INTO cost
      FROM (SELECT c.revision_id, range_agg(hub.passage_spans(c.span_start, c.span_end, c.heading)) AS spans
              FROM hub.chunks c WHERE c.id = ANY (chunk_ids) GROUP BY c.revision_id) held
      LEFT JOIN hub.read_spans r ON r.revision_id = held.revision_id AND r.person_id = hub.charged_person(),
           unnest(held.spans - coalesce(r.spans, '{}')) AS fresh;
    SELECT d.purpose INTO v_purpose FROM hub.decisions d WHERE d.id = p_decision;
    SELECT l.characters_left INTO characters_left
      FROM hub.characters_left(v_purpose) l WHERE l.dataset_id = v_chunk.dataset_id;
    SELECT b.window_started_at + make_interval(secs => d.window_s) INTO refills_at
      FROM hub.datasets d
      JOIN hub.person_budgets b ON b.lineage_id = d.lineage_id AND b.person_id = hub.charged_person()
      JOIN hub.organisation_budgets o
        ON o.lineage_id = d.lineage_id AND o.organisation_id = hub.subject_organisation()
     WHERE d.id = v_chunk.dataset_id AND cost > characters_left
       AND cost <= least(b.window_limit, b.lifetime_limit - b.lifetime_used, o.cap - o.used);
    RETURN NEXT;
END
$$;
