-- The person this transaction speaks for. Absent context is an error, never "everyone".
CREATE OR REPLACE FUNCTION hub.subject_id() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    SELECT current_setting('hub.subject')::uuid
$$;
