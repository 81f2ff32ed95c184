-- The gate, first half: re-check the grants, charge the reading budgets in characters under row locks,
-- write the audit row. Returns the disclosure's id and what was left out, never text.
--
-- Text is a second call (disclosed_text) that answers only once this transaction has committed: a caller
-- holding the API's role could otherwise read and then roll the charge back.
-- Chunks come best first; what a budget does not hold is left out from the lowest rank up. A passage copied from
-- another lineage is charged to both. Locks: open_budgets' own, then revisions by id, so two never wait in a circle.
DROP FUNCTION IF EXISTS hub.disclose(uuid, uuid[]); -- it had two arguments
CREATE OR REPLACE FUNCTION hub.disclose(
    p_decision uuid, p_chunks uuid[], p_form text DEFAULT 'reading',
    OUT disclosure_id uuid, OUT taken integer, OUT left_out integer, OUT refills_at timestamptz
)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, extensions, pg_temp
    SET plan_cache_mode = force_generic_plan -- planned anew, it would take longer beside much else
AS $$
DECLARE
    v_scope uuid[] := hub.live_scope(p_decision, p_form);
    v_closed uuid[] := hub.closed_documents(p_decision, v_scope);
    v_subject uuid := hub.subject_id();
    v_person uuid := hub.charged_person();
    v_organisation uuid := hub.subject_organisation();
    v_chunk record;
    v_at integer;
    v_cost bigint;
    v_lineages uuid[];
    v_left bigint[];
    v_spent bigint[];
    v_revisions uuid[];
    v_spans int8multirange[];
    v_full uuid[] := '{}';
    v_taken uuid[] := '{}';
    v_charged integer[] := '{}';
    v_bait boolean := false;
    v_half_spent boolean;
BEGIN
    left_out := 0;
    IF cardinality(p_chunks) > 200 THEN
        RAISE EXCEPTION 'too many chunks at once' USING ERRCODE = 'HD003';
    END IF;
    SELECT o.lineages, o.characters_left INTO v_lineages, v_left
      FROM hub.open_budgets(v_person, v_organisation,
                            (SELECT d.purpose FROM hub.decisions d WHERE d.id = p_decision), v_scope, p_chunks) o;
    v_spent := array_fill(0::bigint, ARRAY[cardinality(v_lineages)]);
    INSERT INTO hub.read_spans (person_id, revision_id, spans)
    SELECT v_person, c.revision_id, '{}' FROM hub.chunks c
     WHERE c.id = ANY (p_chunks) AND c.dataset_id = ANY (v_scope) AND c.live AND c.document_id <> ALL (v_closed)
     GROUP BY c.revision_id ORDER BY c.revision_id
    ON CONFLICT DO NOTHING;
    SELECT array_agg(locked.revision_id), array_agg(locked.spans) INTO v_revisions, v_spans
      FROM (SELECT r.revision_id, r.spans FROM hub.read_spans r
             WHERE r.person_id = v_person
               AND r.revision_id IN (SELECT c.revision_id FROM hub.chunks c WHERE c.id = ANY (p_chunks))
             ORDER BY r.revision_id FOR UPDATE) locked;

    FOR v_chunk IN
        SELECT c.id, c.revision_id, hub.passage_spans(c.span_start, c.span_end, c.heading) AS spans, d.lineage_id,
               d.lineage_id || c.origin_lineages AS lineages, f.bait
          FROM unnest(p_chunks) WITH ORDINALITY AS asked (id, place)
          JOIN hub.chunks c ON c.id = asked.id AND c.live AND c.dataset_id = ANY (v_scope)
          JOIN hub.datasets d ON d.id = c.dataset_id
          JOIN hub.document_versions v ON v.id = c.version_id AND v.state = 'published'
          JOIN hub.documents f ON f.id = c.document_id AND f.id <> ALL (v_closed)
         ORDER BY asked.place
    LOOP
        v_at := array_position(v_revisions, v_chunk.revision_id);
        SELECT coalesce(sum(upper(fresh) - lower(fresh)), 0) INTO v_cost FROM unnest(v_chunk.spans - v_spans[v_at]) fresh;
        IF v_chunk.lineage_id = ANY (v_full) OR EXISTS (
            SELECT FROM unnest(v_chunk.lineages) AS l (id)
             WHERE v_cost > coalesce(v_left[array_position(v_lineages, l.id)], -1)) THEN
            v_full := v_full || v_chunk.lineages;
            left_out := left_out + 1;
            CONTINUE;
        END IF;
        FOR v_place IN 1 .. cardinality(v_lineages) LOOP
            IF v_lineages[v_place] = ANY (v_chunk.lineages) THEN
                v_left[v_place] := v_left[v_place] - v_cost;
                v_spent[v_place] := v_spent[v_place] + v_cost;
            END IF;
        END LOOP;
        v_spans[v_at] := v_spans[v_at] + v_chunk.spans;
        v_taken := v_taken || v_chunk.id;
        v_charged := v_charged || v_cost::integer;
        v_bait := v_bait OR v_chunk.bait;
    END LOOP;

    UPDATE hub.lineage_budgets b SET used = b.used + s.spent
      FROM unnest(v_lineages, v_spent) AS s (id, spent) WHERE b.lineage_id = s.id AND s.spent > 0;
    UPDATE hub.organisation_budgets b SET used = b.used + s.spent
      FROM unnest(v_lineages, v_spent) AS s (id, spent)
     WHERE b.organisation_id = v_organisation AND b.lineage_id = s.id AND s.spent > 0;
    WITH moved AS (
        UPDATE hub.person_budgets b
           SET window_used = b.window_used + s.spent, lifetime_used = b.lifetime_used + s.spent
          FROM unnest(v_lineages, v_spent) AS s (id, spent)
         WHERE b.person_id = v_person AND b.lineage_id = s.id AND s.spent > 0
        RETURNING b.window_used * 2 >= b.window_limit AND (b.window_used - s.spent) * 2 < b.window_limit AS past_half)
    SELECT coalesce(bool_or(m.past_half), false) INTO v_half_spent FROM moved m;
    UPDATE hub.read_spans r SET spans = s.spans
      FROM unnest(v_revisions, v_spans) AS s (id, spans)
     WHERE r.person_id = v_person AND r.revision_id = s.id AND r.spans <> s.spans;

    INSERT INTO hub.disclosures (decision_id, subject_id, chunk_ids, charged, left_out, charged_in, form)
    VALUES (p_decision, v_subject, v_taken, v_charged, left_out, pg_current_xact_id()::text::bigint, p_form)
    RETURNING id INTO disclosure_id;
    INSERT INTO hub.audit_events (type, actor, object, dataset_ids, decision_id, detail)
    VALUES ('passages.disclosed', 'person:' || v_subject, 'disclosure:' || disclosure_id, v_scope, p_decision,
            jsonb_build_object('chunks', v_taken, 'charged', v_charged, 'left_out', left_out, 'form', p_form));
    IF v_bait OR v_half_spent THEN -- nothing else is worth a second look
        PERFORM hub.raise_alerts(v_person, disclosure_id, v_taken, v_lineages, v_spent);
    END IF;
    taken := cardinality(v_taken);
    IF left_out > 0 THEN
        refills_at := hub.refills_at(v_person, v_organisation, v_full);
    END IF;
END
$$;

-- When a window that is full begins anew; null where waiting does not help.
CREATE OR REPLACE FUNCTION hub.refills_at(p_person uuid, p_organisation uuid, p_lineages uuid[]) RETURNS timestamptz
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    SELECT min(p.window_started_at + make_interval(secs => d.window_s))
      FROM hub.person_budgets p
      JOIN hub.datasets d ON d.lineage_id = p.lineage_id
      JOIN hub.organisation_budgets o ON o.lineage_id = p.lineage_id AND o.organisation_id = p_organisation
      LEFT JOIN hub.lineage_budgets l ON l.lineage_id = p.lineage_id
     WHERE p.person_id = p_person AND p.lineage_id = ANY (p_lineages)
       AND p.lifetime_used < p.lifetime_limit AND o.used < o.cap AND coalesce(l.used < l.cap, true)
$$;
