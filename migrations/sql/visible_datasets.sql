-- Datasets whose card the current person may see: listed ones, and those a grant names them for (live or not): the
-- same condition as the policy `subject` on datasets. Acting as a steward: their organisation's, as in `steward`.
CREATE OR REPLACE FUNCTION hub.visible_datasets() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT d.id FROM hub.datasets d
     WHERE (SELECT hub.subject_id()) IS NOT NULL AND d.withdrawn_at IS NULL
       AND ((session_user = 'hub_steward' AND d.owner_id = (SELECT hub.subject_organisation())) OR d.listed OR EXISTS (
            SELECT FROM hub.grants g
             WHERE g.dataset_id = d.id
               AND (g.everyone OR g.person_id = (SELECT hub.subject_id())
                    OR g.organisation_id = (SELECT hub.granted_organisation()))))
$$;
