-- Datasets whose card the current person may see: listed ones, and those a grant names them for (live or not): the
-- same condition as the policy `subject` on datasets. Acting as a steward: their organisation's, as in `steward`.
-- Each part is found by an index, so that datasets one may not see cost no time either.
CREATE OR REPLACE FUNCTION hub.visible_datasets() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 50
    SET search_path = hub, pg_temp
AS $$
    SELECT d.id FROM hub.datasets d
     WHERE (SELECT hub.subject_id()) IS NOT NULL AND d.withdrawn_at IS NULL AND d.id = ANY (ARRAY(
        SELECT l.id FROM hub.datasets l WHERE l.listed
        UNION SELECT g.dataset_id FROM hub.grants g WHERE g.everyone
        UNION SELECT g.dataset_id FROM hub.grants g WHERE g.person_id = (SELECT hub.subject_id())
        UNION SELECT g.dataset_id FROM hub.grants g WHERE g.organisation_id = (SELECT hub.granted_organisation())
        UNION SELECT o.id FROM hub.datasets o
               WHERE session_user = 'hub_steward' AND o.owner_id = (SELECT hub.subject_organisation())))
$$;
