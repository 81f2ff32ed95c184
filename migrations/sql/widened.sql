-- What a yes to somebody's question for more would give: a grant of the mode and until the end they have already, with so
-- much more. No row where no live grant of theirs can be widened. The owner's limits and every ceiling hold besides.
CREATE OR REPLACE FUNCTION hub.widened(p_asked hub.step_ups)
    RETURNS TABLE (mode text, ends_at timestamptz, window_characters bigint, lifetime_characters bigint)
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    SELECT (array_agg(g.mode ORDER BY g.mode = 'quotes' DESC))[1], max(g.ends_at),
           max(coalesce(g.window_characters, d.window_characters)) + p_asked.characters,
           max(coalesce(g.lifetime_characters, d.lifetime_characters)) + p_asked.characters
      FROM hub.grants g JOIN hub.datasets d ON d.id = g.dataset_id
     WHERE g.dataset_id = p_asked.dataset_id AND g.purpose = p_asked.purpose AND g.mode IN ('answers', 'quotes')
       AND (g.everyone OR g.person_id = p_asked.person_id OR g.organisation_id = (
                SELECT p.organisation_id FROM hub.people p WHERE p.id = p_asked.person_id))
       AND g.starts_at <= hub.hub_now() AND hub.hub_now() < g.ends_at
       AND g.suspended_at IS NULL AND g.revoked_at IS NULL
    HAVING count(*) > 0
$$;
