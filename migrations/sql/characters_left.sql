-- What the current person may still read now of each dataset they hold a live grant on, for one purpose.
CREATE OR REPLACE FUNCTION hub.characters_left(p_purpose text)
    RETURNS TABLE (dataset_id uuid, characters_left bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT d.id,
           greatest(0, least(
               max(coalesce(g.window_characters, d.window_characters))
                   - coalesce(max(CASE WHEN hub.hub_now() < b.window_started_at + make_interval(secs => d.window_s)
                                       THEN b.window_used END), 0),
               max(coalesce(g.lifetime_characters, d.lifetime_characters)) - coalesce(max(b.lifetime_used), 0),
               floor(coalesce(max(o.share), CASE WHEN bool_or(g.everyone) THEN max(l.ceiling_share) ELSE 0 END)
                     * max(l.characters))::bigint - coalesce(max(o.used), 0)))
      FROM hub.live_grants(p_purpose) g
      JOIN hub.datasets d ON d.id = g.dataset_id
      JOIN hub.lineages l ON l.id = d.lineage_id
      LEFT JOIN hub.person_budgets b ON b.lineage_id = d.lineage_id AND b.person_id = hub.subject_id()
      LEFT JOIN hub.organisation_budgets o
        ON o.lineage_id = d.lineage_id AND o.organisation_id = hub.subject_organisation()
     GROUP BY d.id
$$;
