-- Who may do what. Nobody who serves people owns anything or gets past row security.
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['hub_owner', 'hub_search', 'hub_disclosure', 'hub_scanner'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', r);
        END IF;
    END LOOP;
    FOREACH r IN ARRAY ARRAY['hub_operator', 'hub_api', 'hub_worker', 'hub_steward', 'hub_auditor', 'hub_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', r);
        END IF;
    END LOOP;
END
$$;

ALTER ROLE hub_owner NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
ALTER ROLE hub_disclosure NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
-- Tells the residency scan which rows derive from which datasets: ids and tags, no column of text.
ALTER ROLE hub_scanner NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
-- Owns exactly one function; a policy would make it read every row (performance fact 1).
ALTER ROLE hub_search NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS;
ALTER ROLE hub_operator LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
ALTER ROLE hub_api LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
ALTER ROLE hub_worker LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
ALTER ROLE hub_steward LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
ALTER ROLE hub_auditor LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
-- Asks one question: which original holds a disclosed page.
ALTER ROLE hub_reader LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
GRANT hub_owner TO hub_operator WITH INHERIT TRUE, SET FALSE;

ALTER ROLE hub_api SET statement_timeout = '30s';
ALTER ROLE hub_api SET lock_timeout = '10s';
ALTER ROLE hub_api SET idle_in_transaction_session_timeout = '20s';
-- What a person may not see must cost no time either: everything they ask for is found by an index. A plan that reads a
-- whole table grows with what lies beside (and its price alone would have it compiled first).
ALTER ROLE hub_api SET enable_seqscan = off;
ALTER ROLE hub_api SET enable_hashjoin = off;
ALTER ROLE hub_api SET jit = off;
ALTER ROLE hub_worker SET lock_timeout = '30s';
ALTER ROLE hub_steward SET statement_timeout = '30s';
ALTER ROLE hub_steward SET lock_timeout = '10s';
ALTER ROLE hub_steward SET idle_in_transaction_session_timeout = '20s';
ALTER ROLE hub_auditor SET statement_timeout = '30s';
ALTER ROLE hub_reader SET statement_timeout = '10s';
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['hub_operator', 'hub_api', 'hub_worker', 'hub_steward', 'hub_auditor', 'hub_reader'] LOOP
        EXECUTE format('ALTER ROLE %I SET search_path = hub, extensions', r);
    END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS hub AUTHORIZATION hub_owner;
CREATE SCHEMA IF NOT EXISTS queue AUTHORIZATION hub_owner;
-- The extension's types and operators live in a schema nobody can add to.
CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS vector SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
SET search_path = hub, extensions;
