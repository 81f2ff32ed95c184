-- A steward decides a held document of their organisation: its newest version goes back to quarantine, released, or is
-- refused with the reason. Nothing else of a version is a steward's to change, and none is released that was not held.
CREATE OR REPLACE FUNCTION hub.decide_hold(p_document uuid, p_released boolean, p_reason text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_version hub.document_versions%ROWTYPE;
    v_owner uuid;
BEGIN
    SELECT v.* INTO v_version FROM hub.document_versions v
     WHERE v.document_id = p_document ORDER BY v.ordinal DESC LIMIT 1 FOR UPDATE;
    SELECT d.owner_id INTO v_owner FROM hub.datasets d WHERE d.id = v_version.dataset_id;
    IF v_owner IS NULL OR (session_user <> 'hub_operator' AND v_owner IS DISTINCT FROM hub.subject_organisation()) THEN
        RAISE EXCEPTION 'no such document to decide' USING ERRCODE = 'HD001';
    END IF;
    IF v_version.state <> 'held' THEN
        RAISE EXCEPTION 'it is not held' USING ERRCODE = 'HD005';
    END IF;
    IF p_released THEN
        UPDATE hub.document_versions v
           SET state = 'quarantined', reason = NULL, detail = NULL, settled_at = NULL, released = true
         WHERE v.id = v_version.id;
    ELSE
        UPDATE hub.document_versions v SET state = 'refused', reason = 'not released', detail = p_reason
         WHERE v.id = v_version.id;
    END IF;
    INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
    VALUES (CASE WHEN p_released THEN 'document.released' ELSE 'document.refused' END, current_setting('hub.actor'),
            'version:' || v_version.id, ARRAY[v_version.dataset_id], jsonb_build_object('reason', p_reason));
    RETURN v_version.id;
END
$$;
