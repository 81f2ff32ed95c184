-- The meter: what is left of each dataset's budget for one purpose, out of how much, and when a window begins anew.
CREATE OR REPLACE FUNCTION hub.meter(p_purpose text)
    RETURNS TABLE (dataset_id uuid, characters_left bigint, window_characters bigint, refills_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT l.dataset_id, l.characters_left, max(f.window_limit),
           hub.refills_at(hub.charged_person(), hub.subject_organisation(), ARRAY[d.lineage_id])
      FROM hub.characters_left(p_purpose) l
      JOIN hub.datasets d ON d.id = l.dataset_id
      JOIN hub.lineages n ON n.id = d.lineage_id
      JOIN hub.live_grants(p_purpose) g ON g.dataset_id = d.id
     CROSS JOIN LATERAL hub.grant_figures(d, n, g.mode, g.window_characters, g.lifetime_characters) f
     GROUP BY l.dataset_id, l.characters_left, d.lineage_id
$$;
