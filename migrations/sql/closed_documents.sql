-- Documents of a decision's live datasets that it does not open: those with tags of their own, as they are now, which
-- the policy did not permit. A decision that names no law of a document opens none of them.
CREATE OR REPLACE FUNCTION hub.closed_documents(p_decision uuid, p_scope uuid[]) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT coalesce(array_agg(f.id), '{}')
      FROM hub.documents f
     WHERE f.dataset_id = ANY (p_scope) AND f.law_id IS NOT NULL
       AND f.law_id <> ALL (coalesce((SELECT d.law_ids FROM hub.decisions d
                                       WHERE d.id = p_decision AND d.subject_id = hub.subject_id()), '{}'))
$$;
