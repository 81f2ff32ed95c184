-- The second line, called by disclose() for what it has just charged: a bait was read, or a window is half spent on
-- nothing but new text. It stops nobody; the bound does. Evidence is figures and ids.
CREATE OR REPLACE FUNCTION hub.raise_alerts(p_person uuid, p_disclosure uuid, p_taken uuid[], p_lineages uuid[], p_spent bigint[])
    RETURNS void
    LANGUAGE sql
    SET search_path = hub, pg_temp
AS $$
    INSERT INTO hub.alerts (kind, person_id, dataset_id, disclosure_id, evidence)
    SELECT 'bait', p_person, f.dataset_id, p_disclosure,
           jsonb_build_object('documents', array_agg(DISTINCT f.id), 'passages', count(*))
      FROM hub.chunks c JOIN hub.documents f ON f.id = c.document_id AND f.bait
     WHERE c.id = ANY (p_taken)
     GROUP BY f.dataset_id;
    INSERT INTO hub.alerts (kind, person_id, dataset_id, disclosure_id, evidence)
    SELECT 'novelty', p_person, d.id, p_disclosure,
           jsonb_build_object('passages', seen.passages, 'new', seen.fresh, 'characters', b.window_used)
      FROM unnest(p_lineages, p_spent) AS s (id, spent)
      JOIN hub.person_budgets b ON b.person_id = p_person AND b.lineage_id = s.id
      JOIN LATERAL (SELECT d.id FROM hub.datasets d WHERE d.lineage_id = s.id ORDER BY d.id LIMIT 1) d ON true
     CROSS JOIN LATERAL (
            SELECT count(*) AS passages, count(*) FILTER (WHERE one.charged > 0) AS fresh
              FROM hub.disclosures o
              JOIN hub.people a ON a.id = o.subject_id AND coalesce(a.behind_id, a.id) = p_person
             CROSS JOIN LATERAL unnest(o.charged) AS one (charged)
             WHERE o.made_at >= b.window_started_at) seen
     WHERE s.spent > 0 AND b.window_used * 2 >= b.window_limit AND (b.window_used - s.spent) * 2 < b.window_limit
       AND seen.passages >= 20 AND seen.fresh * 10 >= seen.passages * 9;
$$;
