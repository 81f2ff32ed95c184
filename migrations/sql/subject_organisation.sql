-- The organisation of the person this transaction speaks for.
CREATE OR REPLACE FUNCTION hub.subject_organisation() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    SELECT p.organisation_id FROM hub.people p WHERE p.id = hub.subject_id()
$$;
