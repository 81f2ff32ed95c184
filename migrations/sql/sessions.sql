-- Sessions end here, for every process at once. What is kept longer than a token could live is forgotten on the way.

-- The issuer's word about the subject's session; false when that very word came before.
CREATE OR REPLACE FUNCTION hub.end_session(p_session text, p_token text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
BEGIN
    DELETE FROM hub.ended_sessions e WHERE e.forgotten_at < hub.hub_now();
    INSERT INTO hub.ended_sessions (person_id, session_id, token_id, forgotten_at, ended_by)
    VALUES (hub.subject_id(), p_session, p_token, hub.hub_now() + interval '1 day', 'issuer')
    ON CONFLICT (token_id) DO NOTHING;
    RETURN FOUND;
END
$$;

-- An admin's: every session the person has begun until now. Null for nobody of that name.
CREATE OR REPLACE FUNCTION hub.end_sessions_of(p_slug text) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    INSERT INTO hub.ended_sessions (person_id, forgotten_at, ended_by)
    SELECT p.id, hub.hub_now() + interval '30 days', current_setting('hub.actor') FROM hub.people p
     WHERE p.slug = p_slug
    RETURNING person_id
$$;

-- Whether the subject's session was ended: by its name, or by having begun before all of theirs were.
CREATE OR REPLACE FUNCTION hub.session_ended(p_session text, p_began timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM hub.ended_sessions e
                    WHERE e.person_id = hub.subject_id()
                      AND (e.session_id = p_session OR (e.session_id IS NULL AND p_began <= e.ended_at)))
$$;

ALTER FUNCTION hub.end_session OWNER TO hub_owner;
ALTER FUNCTION hub.end_sessions_of OWNER TO hub_owner;
ALTER FUNCTION hub.session_ended OWNER TO hub_owner;
REVOKE ALL ON FUNCTION hub.end_session, hub.end_sessions_of, hub.session_ended FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.end_session, hub.end_sessions_of, hub.session_ended TO hub_api;
CREATE POLICY operator ON hub.ended_sessions TO hub_owner USING (true) WITH CHECK (true);

-- Agents: a person's own, named to the doors by their token.
CREATE POLICY operator ON hub.agents TO hub_owner USING (true) WITH CHECK (true);
CREATE POLICY subject ON hub.agents FOR SELECT TO hub_api USING (person_id = hub.subject_id());
CREATE POLICY subject_insert ON hub.agents FOR INSERT TO hub_api WITH CHECK (person_id = hub.subject_id());
GRANT SELECT ON hub.agents TO hub_api;
GRANT INSERT (id, person_id, name, purpose, token_id, ends_at) ON hub.agents TO hub_api;
