-- The gate, first half: re-check the grants, charge the reading budgets in characters under row locks,
-- write the audit row. Returns the disclosure's id and what was left out, never text.
--
-- Text is a second call (disclosed_text) that answers only once this transaction has committed: a caller
-- holding the API's role could otherwise read and then roll the charge back.
-- Chunks come best first; what a budget does not hold is left out from the lowest rank up.
-- Locks: organisations, then people, then revisions, each by id, so two disclosures never wait in a circle.
CREATE OR REPLACE FUNCTION hub.disclose(
    p_decision uuid, p_chunks uuid[],
    OUT disclosure_id uuid, OUT taken integer, OUT left_out integer, OUT refills_at timestamptz
)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, extensions, pg_temp
AS $$
DECLARE
    v_scope uuid[] := hub.live_scope(p_decision);
    v_subject uuid := hub.subject_id();
    v_organisation uuid := hub.subject_organisation();
    v_purpose text;
    v_chunk record;
    v_cost bigint;
    v_left bigint;
    v_full uuid[] := '{}';
    v_taken uuid[] := '{}';
    v_charged integer[] := '{}';
BEGIN
    left_out := 0;
    IF cardinality(p_chunks) > 200 THEN
        RAISE EXCEPTION 'too many chunks at once' USING ERRCODE = 'HD003';
    END IF;
    SELECT d.purpose INTO v_purpose FROM hub.decisions d WHERE d.id = p_decision;
    PERFORM hub.open_budgets(v_subject, v_organisation, v_purpose, v_scope, p_chunks);

    FOR v_chunk IN
        SELECT c.id, c.revision_id, c.span_start, c.span_end, d.lineage_id
          FROM unnest(p_chunks) WITH ORDINALITY AS asked (id, place)
          JOIN hub.chunks c ON c.id = asked.id AND c.live AND c.dataset_id = ANY (v_scope)
          JOIN hub.datasets d ON d.id = c.dataset_id
          JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'
         ORDER BY asked.place
    LOOP
        SELECT v_chunk.span_end - v_chunk.span_start - coalesce(sum(upper(known) - lower(known)), 0) INTO v_cost
          FROM hub.read_spans r,
               unnest(int8multirange(int8range(v_chunk.span_start, v_chunk.span_end)) * r.spans) AS known
         WHERE r.person_id = v_subject AND r.revision_id = v_chunk.revision_id;
        SELECT least(p.window_limit - p.window_used, p.lifetime_limit - p.lifetime_used, o.cap - o.used) INTO v_left
          FROM hub.person_budgets p
          JOIN hub.organisation_budgets o ON o.lineage_id = p.lineage_id AND o.organisation_id = v_organisation
         WHERE p.person_id = v_subject AND p.lineage_id = v_chunk.lineage_id;
        IF v_left IS NULL OR v_cost > v_left OR v_chunk.lineage_id = ANY (v_full) THEN
            v_full := v_full || v_chunk.lineage_id;
            left_out := left_out + 1;
            CONTINUE;
        END IF;
        IF v_cost > 0 THEN
            UPDATE hub.organisation_budgets SET used = used + v_cost
             WHERE organisation_id = v_organisation AND lineage_id = v_chunk.lineage_id;
            UPDATE hub.person_budgets SET window_used = window_used + v_cost, lifetime_used = lifetime_used + v_cost
             WHERE person_id = v_subject AND lineage_id = v_chunk.lineage_id;
            UPDATE hub.read_spans
               SET spans = spans + int8multirange(int8range(v_chunk.span_start, v_chunk.span_end))
             WHERE person_id = v_subject AND revision_id = v_chunk.revision_id;
        END IF;
        v_taken := v_taken || v_chunk.id;
        v_charged := v_charged || v_cost::integer;
    END LOOP;

    INSERT INTO hub.disclosures (decision_id, subject_id, chunk_ids, charged, left_out, charged_in)
    VALUES (p_decision, v_subject, v_taken, v_charged, left_out, pg_current_xact_id()::text::bigint)
    RETURNING id INTO disclosure_id;
    INSERT INTO hub.audit_events (type, actor, object, dataset_ids, decision_id, detail)
    VALUES ('passages.disclosed', 'person:' || v_subject, 'disclosure:' || disclosure_id, v_scope, p_decision,
            jsonb_build_object('chunks', v_taken, 'charged', v_charged, 'left_out', left_out));
    taken := cardinality(v_taken);
    SELECT min(p.window_started_at + make_interval(secs => d.window_s)) INTO refills_at
      FROM hub.person_budgets p
      JOIN hub.datasets d ON d.lineage_id = p.lineage_id
      JOIN hub.organisation_budgets o ON o.lineage_id = p.lineage_id AND o.organisation_id = v_organisation
     WHERE left_out > 0 AND p.person_id = v_subject AND p.lineage_id = ANY (v_full)
       AND p.lifetime_used < p.lifetime_limit AND o.used < o.cap;
END
$$;

-- Make sure the budget rows exist, roll windows over, and lock them in the fixed order.
CREATE OR REPLACE FUNCTION hub.open_budgets(
    p_subject uuid, p_organisation uuid, p_purpose text, p_scope uuid[], p_chunks uuid[]
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = hub, extensions, pg_temp
AS $$
DECLARE
    v_now timestamptz := hub.hub_now();
    v_row record;
BEGIN
    FOR v_row IN
        SELECT d.lineage_id, min(l.characters) AS size, min(l.ceiling_share) AS ceiling, min(d.window_s) AS window_s,
               max(coalesce(g.window_characters, d.window_characters)) AS window_limit,
               max(coalesce(g.lifetime_characters, d.lifetime_characters)) AS lifetime_limit,
               bool_or(g.everyone) AS everyone
          FROM hub.datasets d
          JOIN hub.lineages l ON l.id = d.lineage_id
          JOIN hub.live_grants(p_purpose) g ON g.dataset_id = d.id
         WHERE d.id = ANY (p_scope)
           AND d.id IN (SELECT c.dataset_id FROM hub.chunks c WHERE c.id = ANY (p_chunks))
         GROUP BY d.lineage_id
         ORDER BY d.lineage_id
    LOOP
        IF v_row.everyone THEN
            INSERT INTO hub.organisation_budgets (organisation_id, lineage_id, share, open, used, cap)
            VALUES (p_organisation, v_row.lineage_id, v_row.ceiling, true, 0, 0) ON CONFLICT DO NOTHING;
        END IF;
        UPDATE hub.organisation_budgets o SET cap = greatest(o.used, floor(o.share * v_row.size)::bigint)
         WHERE o.organisation_id = p_organisation AND o.lineage_id = v_row.lineage_id;
        INSERT INTO hub.person_budgets
        VALUES (p_subject, v_row.lineage_id, v_now, 0, v_row.window_limit, 0, v_row.lifetime_limit)
        ON CONFLICT DO NOTHING;
        UPDATE hub.person_budgets b
           SET window_started_at = CASE WHEN o.rolled THEN v_now ELSE b.window_started_at END,
               window_used = CASE WHEN o.rolled THEN 0 ELSE b.window_used END,
               window_limit = greatest(v_row.window_limit, CASE WHEN o.rolled THEN 0 ELSE b.window_used END),
               lifetime_limit = greatest(v_row.lifetime_limit, b.lifetime_used)
          FROM (SELECT v_now >= p.window_started_at + make_interval(secs => v_row.window_s) AS rolled
                  FROM hub.person_budgets p
                 WHERE p.person_id = p_subject AND p.lineage_id = v_row.lineage_id FOR UPDATE) o
         WHERE b.person_id = p_subject AND b.lineage_id = v_row.lineage_id;
    END LOOP;
    INSERT INTO hub.read_spans (person_id, revision_id, spans)
    SELECT p_subject, c.revision_id, '{}' FROM hub.chunks c
     WHERE c.id = ANY (p_chunks) AND c.dataset_id = ANY (p_scope) AND c.live
     GROUP BY c.revision_id ORDER BY c.revision_id
    ON CONFLICT DO NOTHING;
    PERFORM FROM hub.read_spans r
      WHERE r.person_id = p_subject
        AND r.revision_id IN (SELECT c.revision_id FROM hub.chunks c WHERE c.id = ANY (p_chunks))
      ORDER BY r.revision_id FOR UPDATE;
END
$$;
