-- What a decision still opens: it is the current person's, made in the network zone their session comes in through and
-- which is a registered place still, at most 30 s old, the grants are live now, and each dataset stands under the law
-- that was ruled on. Everything else was decided by the policy; this repeats only what can be
-- revoked, and what was re-tagged since. `context` is what a model may read
-- to answer; `reading` what the person themselves may see, which a grant for answers only does not open.
DROP FUNCTION IF EXISTS hub.live_scope(uuid); -- it had one argument
CREATE OR REPLACE FUNCTION hub.live_scope(p_decision uuid, p_form text DEFAULT 'context') RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_decision hub.decisions%ROWTYPE;
BEGIN
    SELECT * INTO v_decision FROM hub.decisions d
     WHERE d.id = p_decision AND d.subject_id = hub.subject_id()
       AND d.zone = current_setting('hub.zone', true);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such decision for this person' USING ERRCODE = 'HD001';
    END IF;
    IF v_decision.made_at <= hub.hub_now() - interval '30 seconds' OR v_decision.made_at > hub.hub_now() THEN
        RAISE EXCEPTION 'the decision is too old' USING ERRCODE = 'HD002';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(DISTINCT g.dataset_id), '{}')
          FROM hub.live_grants(v_decision.purpose) g
          JOIN hub.datasets s ON s.id = g.dataset_id AND s.law_id = ANY (v_decision.law_ids)
         WHERE g.dataset_id = ANY (v_decision.dataset_ids)
           AND EXISTS (SELECT FROM hub.places z
                        WHERE z.name = v_decision.zone AND z.kind = 'zone' AND z.retired_at IS NULL)
           AND (g.mode IN ('quotes', 'full') OR p_form = 'context')
    );
END
$$;
