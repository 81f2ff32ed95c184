-- Whose budget pays: the person behind the account this transaction speaks for.
CREATE OR REPLACE FUNCTION hub.charged_person() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    SELECT coalesce(p.behind_id, p.id) FROM hub.people p WHERE p.id = hub.subject_id()
$$;
