-- The owner sets their ceiling: the share of a dataset all organisations together may ever read, or the one of full
-- reading. What makes more readable is refused unless the new figure, in characters, is confirmed word for word.
CREATE OR REPLACE FUNCTION hub.set_ceiling(p_dataset uuid, p_share numeric, p_full boolean, p_confirmed bigint)
    RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_lineage hub.lineages%ROWTYPE;
    v_owner uuid;
    v_had numeric;
    v_reachable bigint;
BEGIN
    SELECT l.* INTO v_lineage FROM hub.lineages l JOIN hub.datasets d ON d.lineage_id = l.id WHERE d.id = p_dataset
       FOR UPDATE OF l;
    SELECT d.owner_id INTO v_owner FROM hub.datasets d WHERE d.id = p_dataset;
    IF v_owner IS NULL OR (session_user <> 'hub_operator' AND v_owner IS DISTINCT FROM hub.subject_organisation()) THEN
        RAISE EXCEPTION 'not the owner' USING ERRCODE = 'HD001';
    END IF;
    v_had := CASE WHEN p_full THEN coalesce(v_lineage.full_share, 0) ELSE v_lineage.ceiling_share END;
    v_reachable := floor(p_share * v_lineage.characters)::bigint;
    IF p_share > v_had AND p_confirmed IS DISTINCT FROM v_reachable THEN
        RAISE EXCEPTION 'the new figure is not confirmed' USING ERRCODE = 'HD004';
    END IF;
    IF NOT p_full THEN
        -- Below the whole, all are counted together: anew, from what each organisation has read.
        DELETE FROM hub.lineage_budgets b WHERE b.lineage_id = v_lineage.id;
    END IF;
    UPDATE hub.lineages l
       SET ceiling_share = CASE WHEN p_full THEN l.ceiling_share ELSE p_share END,
           full_share = CASE WHEN p_full THEN p_share WHEN l.full_share IS NULL THEN NULL
                             ELSE greatest(l.full_share, p_share) END
     WHERE l.id = v_lineage.id;
    INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
    VALUES ('ceiling.changed', current_setting('hub.actor'), 'dataset:' || p_dataset, ARRAY[p_dataset],
            jsonb_build_object('from', v_had, 'to', p_share, 'full', p_full, 'characters', v_reachable,
                               'confirmed', p_share > v_had));
    RETURN v_reachable;
END
$$;
