-- What the current person may still read now of each dataset they hold a live grant on, for one purpose.
CREATE OR REPLACE FUNCTION hub.characters_left(p_purpose text)
    RETURNS TABLE (dataset_id uuid, characters_left bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT d.id,
           greatest(0, least(
               max(f.window_limit)
                   - coalesce(max(CASE WHEN hub.hub_now() < b.window_started_at + make_interval(secs => d.window_s)
                                       THEN b.window_used END), 0),
               max(f.lifetime_limit) - coalesce(max(b.lifetime_used), 0),
               floor(least(max(f.ceiling), coalesce(
                         max(CASE WHEN o.open THEN 1 ELSE o.share END), CASE WHEN bool_or(g.everyone) THEN 1 ELSE 0 END))
                     * max(l.characters))::bigint - coalesce(max(o.used), 0),
               CASE WHEN max(f.ceiling) < 1
                    THEN floor(max(f.ceiling) * max(l.characters))::bigint - coalesce(max(w.used), 0) END))
      FROM hub.live_grants(p_purpose) g
      JOIN hub.datasets d ON d.id = g.dataset_id
      JOIN hub.lineages l ON l.id = d.lineage_id
     CROSS JOIN LATERAL hub.grant_figures(d, l, g.mode, g.window_characters, g.lifetime_characters) f
      LEFT JOIN hub.person_budgets b ON b.lineage_id = d.lineage_id AND b.person_id = hub.charged_person()
      LEFT JOIN hub.lineage_budgets w ON w.lineage_id = d.lineage_id
      LEFT JOIN hub.organisation_budgets o
        ON o.lineage_id = d.lineage_id AND o.organisation_id = hub.subject_organisation()
     GROUP BY d.id
$$;
