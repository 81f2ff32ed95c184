-- Accounts of programs. An admin opens, renews and closes them; the account itself sees that it is in use.

-- Null when it is written down; else what is wrong with it.
CREATE OR REPLACE FUNCTION hub.register_service(
    p_id uuid, p_slug text, p_name text, p_organisation text, p_jurisdiction text, p_clearance text, p_client text
) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_organisation uuid;
BEGIN
    SELECT o.id INTO v_organisation FROM hub.organisations o WHERE o.slug = p_organisation;
    IF NOT FOUND THEN
        RETURN 'organisation';
    END IF;
    INSERT INTO hub.people (id, slug, name, organisation_id, jurisdiction, clearance, kind)
    VALUES (p_id, p_slug, p_name, v_organisation, p_jurisdiction, p_clearance, 'service')
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'taken';
    END IF;
    INSERT INTO hub.service_accounts (person_id, client, opened_by)
    VALUES (p_id, p_client, current_setting('hub.actor'));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION hub.service_accounts_known()
    RETURNS TABLE (
        slug text, name text, organisation text, jurisdiction text, clearance text, client text,
        opened_at timestamptz, key_made_at timestamptz, removed_at timestamptz
    )
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT p.slug, p.name, o.slug, p.jurisdiction, p.clearance, s.client, s.opened_at, s.key_made_at, s.removed_at
      FROM hub.service_accounts s
      JOIN hub.people p ON p.id = s.person_id
      JOIN hub.organisations o ON o.id = p.organisation_id
     ORDER BY p.slug
$$;

-- A new key ends every token the one before gave out. Null for nobody of that name, and for a removed one.
CREATE OR REPLACE FUNCTION hub.service_key_made(p_slug text) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    WITH made AS (
        UPDATE hub.service_accounts s SET key_made_at = hub.hub_now()
          FROM hub.people p
         WHERE p.id = s.person_id AND p.slug = p_slug AND s.removed_at IS NULL
        RETURNING s.person_id)
    INSERT INTO hub.ended_sessions (person_id, forgotten_at, ended_by)
    SELECT m.person_id, hub.hub_now() + interval '1 day', current_setting('hub.actor') FROM made m
    RETURNING person_id
$$;

-- Null when it was removed before.
CREATE OR REPLACE FUNCTION hub.remove_service(p_slug text) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    UPDATE hub.service_accounts s SET removed_at = hub.hub_now()
      FROM hub.people p
     WHERE p.id = s.person_id AND p.slug = p_slug AND s.removed_at IS NULL
    RETURNING s.person_id
$$;

ALTER FUNCTION hub.register_service OWNER TO hub_owner;
ALTER FUNCTION hub.service_accounts_known OWNER TO hub_owner;
ALTER FUNCTION hub.service_key_made OWNER TO hub_owner;
ALTER FUNCTION hub.remove_service OWNER TO hub_owner;
REVOKE ALL ON FUNCTION hub.register_service, hub.service_accounts_known, hub.service_key_made, hub.remove_service
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.register_service, hub.service_accounts_known, hub.service_key_made, hub.remove_service
    TO hub_api;
CREATE POLICY operator ON hub.service_accounts TO hub_owner USING (true) WITH CHECK (true);
CREATE POLICY subject ON hub.service_accounts FOR SELECT TO hub_api USING (person_id = hub.subject_id());
GRANT SELECT (person_id, client, removed_at) ON hub.service_accounts TO hub_api;
