-- The organisation whose grants this transaction may use: none for a service account, which has its own only.
CREATE OR REPLACE FUNCTION hub.granted_organisation() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    SELECT p.organisation_id FROM hub.people p WHERE p.id = hub.subject_id() AND p.kind = 'person'
$$;
