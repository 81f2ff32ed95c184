-- A dataset whose tags change stands under another law: no decision made under the former opens it any more, and
-- nobody names the new one before the policy has ruled on it.
CREATE OR REPLACE FUNCTION hub.new_law() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = hub, pg_temp
AS $$
BEGIN
    NEW.law_id := OLD.law_id;
    IF (NEW.classification, NEW.store_in, NEW.process_in, NEW.access_from, NEW.forbidden_legal_control,
        NEW.forbidden_model_origins, NEW.purposes)
       IS DISTINCT FROM
       (OLD.classification, OLD.store_in, OLD.process_in, OLD.access_from, OLD.forbidden_legal_control,
        OLD.forbidden_model_origins, OLD.purposes)
    THEN
        NEW.law_id := gen_random_uuid();
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER new_law
    BEFORE UPDATE ON hub.datasets
    FOR EACH ROW EXECUTE FUNCTION hub.new_law();
