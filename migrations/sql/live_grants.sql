-- Live grants of the current person: started, not ended, not suspended, not revoked, at hub_now().
-- Who and when stand in subqueries so that they are looked up once, not once a grant.
-- A grant to train opens no text to anyone: a sealed job reads under it, and that job is not a person.
DROP FUNCTION IF EXISTS hub.live_grants(text); -- a changed row type can't be replaced
CREATE FUNCTION hub.live_grants(p_purpose text)
    RETURNS TABLE (
        grant_id uuid, dataset_id uuid, everyone boolean, window_characters bigint, lifetime_characters bigint, mode text
    )
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 -- so that what is looked up by them is looked up by an index
    SET search_path = hub, pg_temp
AS $$
    SELECT g.id, g.dataset_id, g.everyone, g.window_characters, g.lifetime_characters, g.mode
      FROM hub.grants g
      JOIN hub.datasets d ON d.id = g.dataset_id AND d.withdrawn_at IS NULL
     WHERE g.purpose = p_purpose
       AND (g.everyone OR g.person_id = (SELECT hub.subject_id())
            OR g.organisation_id = (SELECT hub.granted_organisation()))
       AND g.starts_at <= (SELECT hub.hub_now()) AND (SELECT hub.hub_now()) < g.ends_at
       AND g.suspended_at IS NULL AND g.revoked_at IS NULL
       AND g.mode <> 'train'
$$;
