-- Audit rows, violations and an owner's reviews are written once: not even their owner changes one.
CREATE OR REPLACE FUNCTION hub.append_only() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = hub, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'HD010';
END
$$;

CREATE OR REPLACE TRIGGER append_only
    BEFORE UPDATE OR DELETE ON hub.audit_events
    FOR EACH ROW EXECUTE FUNCTION hub.append_only();
CREATE OR REPLACE TRIGGER append_only_truncate
    BEFORE TRUNCATE ON hub.audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION hub.append_only();

CREATE OR REPLACE TRIGGER append_only
    BEFORE UPDATE OR DELETE ON hub.violations
    FOR EACH ROW EXECUTE FUNCTION hub.append_only();
CREATE OR REPLACE TRIGGER append_only_truncate
    BEFORE TRUNCATE ON hub.violations
    FOR EACH STATEMENT EXECUTE FUNCTION hub.append_only();

CREATE OR REPLACE TRIGGER append_only
    BEFORE UPDATE OR DELETE ON hub.metadata_reviews
    FOR EACH ROW EXECUTE FUNCTION hub.append_only();
CREATE OR REPLACE TRIGGER append_only_truncate
    BEFORE TRUNCATE ON hub.metadata_reviews
    FOR EACH STATEMENT EXECUTE FUNCTION hub.append_only();
