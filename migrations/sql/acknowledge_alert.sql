-- An admin says, once, what an alert was: never one about themselves. The alert stays where it is.
CREATE OR REPLACE FUNCTION hub.acknowledge_alert(p_alert uuid, p_note text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_alert hub.alerts%ROWTYPE;
BEGIN
    SELECT a.* INTO v_alert FROM hub.alerts a
     WHERE a.id = p_alert AND a.person_id IS DISTINCT FROM hub.charged_person()
       FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such alert to acknowledge' USING ERRCODE = 'HD001';
    END IF;
    IF v_alert.acknowledged_at IS NOT NULL THEN
        RAISE EXCEPTION 'acknowledged already' USING ERRCODE = 'HD005';
    END IF;
    UPDATE hub.alerts a SET acknowledged_at = hub.hub_now(), acknowledged_by = hub.subject_id(), note = p_note
     WHERE a.id = p_alert;
    INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
    VALUES ('alert.acknowledged', current_setting('hub.actor'), 'alert:' || p_alert, ARRAY[v_alert.dataset_id],
            jsonb_build_object('kind', v_alert.kind));
END
$$;
