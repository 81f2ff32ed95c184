-- Under which laws documents are kept here, whatever became of them since: figures, no names and no text. A steward
-- hears of their own organisation's.
CREATE OR REPLACE FUNCTION hub.stored_laws()
    RETURNS TABLE (dataset_id uuid, law_id uuid, documents bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_owner uuid;
BEGIN
    IF session_user = 'hub_steward' THEN
        v_owner := hub.subject_organisation();
        IF v_owner IS NULL THEN
            RETURN;
        END IF;
    END IF;
    RETURN QUERY
    SELECT f.dataset_id, f.law_id, count(*)
      FROM hub.documents f
      JOIN hub.datasets d ON d.id = f.dataset_id AND (v_owner IS NULL OR d.owner_id = v_owner)
     GROUP BY f.dataset_id, f.law_id;
END
$$;
