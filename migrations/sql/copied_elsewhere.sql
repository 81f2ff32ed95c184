-- For a dataset's owner: how many of its characters stood in another dataset before, and of how many that one's ceiling
-- holds no more, so that nobody new can read them here either. Which dataset that is, nobody hears.
CREATE OR REPLACE FUNCTION hub.copied_elsewhere(p_dataset uuid, OUT copied bigint, OUT closed bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_owner uuid := (SELECT d.owner_id FROM hub.datasets d WHERE d.id = p_dataset);
BEGIN
    copied := 0;
    closed := 0;
    IF v_owner IS NULL OR (session_user <> 'hub_operator' AND v_owner IS DISTINCT FROM hub.subject_organisation()) THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(c.span_end - c.span_start), 0),
           coalesce(sum(c.span_end - c.span_start) FILTER (WHERE EXISTS (
               SELECT FROM unnest(c.origin_lineages) AS origin (id)
                 JOIN hub.lineages l ON l.id = origin.id AND l.ceiling_share < 1
                 JOIN hub.lineage_budgets b ON b.lineage_id = l.id
                WHERE b.used + c.span_end - c.span_start > floor(l.ceiling_share * l.peak_characters))), 0)
      INTO copied, closed
      FROM hub.chunks c
     WHERE c.dataset_id = p_dataset AND c.live AND c.origin_lineages <> '{}';
END
$$;
