-- A steward decides, once, what somebody asked of a dataset of their organisation: never their own question. Yes gives a
-- grant of the mode and until the end the person has already, with so much more; the owner's limits and every ceiling hold.
CREATE OR REPLACE FUNCTION hub.decide_step_up(p_step_up uuid, p_granted boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_asked hub.step_ups%ROWTYPE;
    v_given uuid;
BEGIN
    SELECT s.* INTO v_asked FROM hub.step_ups s JOIN hub.datasets d ON d.id = s.dataset_id
     WHERE s.id = p_step_up AND d.owner_id = hub.subject_organisation() AND s.person_id <> hub.subject_id()
       FOR UPDATE OF s;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such question to decide' USING ERRCODE = 'HD001';
    END IF;
    IF v_asked.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'decided already' USING ERRCODE = 'HD005';
    END IF;
    UPDATE hub.step_ups s SET decided_at = hub.hub_now(), decided_by = hub.subject_id(), granted = p_granted
     WHERE s.id = p_step_up;
    IF p_granted THEN
        INSERT INTO hub.grants (dataset_id, person_id, everyone, purpose, starts_at, ends_at, mode, given_by,
                                window_characters, lifetime_characters)
        SELECT v_asked.dataset_id, v_asked.person_id, false, v_asked.purpose, hub.hub_now(), w.ends_at, w.mode,
               current_setting('hub.actor'), w.window_characters, w.lifetime_characters
          FROM hub.widened(v_asked) w
        RETURNING id INTO v_given;
        IF v_given IS NULL THEN
            RAISE EXCEPTION 'no live grant to widen' USING ERRCODE = 'HD005';
        END IF;
    END IF;
    INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
    VALUES ('increase.decided', current_setting('hub.actor'), 'step-up:' || p_step_up, ARRAY[v_asked.dataset_id],
            jsonb_build_object('granted', p_granted, 'characters', v_asked.characters, 'grant', v_given));
END
$$;
