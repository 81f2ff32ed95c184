-- What the current steward weighs of each open question about a dataset of their organisation: who asks, how much they
-- have read, how much they can ever read now and after a yes, as the owner's limits, the share and the ceiling bound it.
DROP FUNCTION IF EXISTS hub.askers(); -- it told the name alone
CREATE FUNCTION hub.askers()
    RETURNS TABLE (
        step_up_id uuid, person text, organisation text, dataset_characters bigint, characters_read bigint,
        reachable_now bigint, reachable_then bigint
    )
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT s.id, p.name, o.name, l.characters, coalesce(b.lifetime_used, 0),
           CASE WHEN w.mode IS NOT NULL THEN least(w.lifetime_characters - s.characters, bound.most) END,
           CASE WHEN w.mode IS NOT NULL THEN least(w.lifetime_characters, bound.most) END
      FROM hub.step_ups s
      JOIN hub.people p ON p.id = s.person_id
      LEFT JOIN hub.organisations o ON o.id = p.organisation_id
      JOIN hub.datasets d ON d.id = s.dataset_id
      JOIN hub.lineages l ON l.id = d.lineage_id
      LEFT JOIN LATERAL hub.widened(s) w ON true
      LEFT JOIN hub.person_budgets b ON b.lineage_id = l.id AND b.person_id = coalesce(p.behind_id, p.id)
      LEFT JOIN hub.organisation_budgets g ON g.lineage_id = l.id AND g.organisation_id = p.organisation_id
     CROSS JOIN LATERAL (
            SELECT least(d.most_lifetime_characters, floor(l.characters * least(
                       l.ceiling_share, CASE WHEN g.open THEN 1 ELSE coalesce(g.share, 1) END))::bigint) AS most) bound
     WHERE s.decided_at IS NULL AND d.owner_id = hub.subject_organisation()
$$;
