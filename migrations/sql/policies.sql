-- Row security on every table: enabled and forced, and nothing is visible unless a line below says so.
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT c.oid::regclass AS name FROM pg_class c
              WHERE c.relnamespace = 'hub'::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version' LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', r.name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', r.name);
    END LOOP;
    FOR r IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'hub' LOOP
        EXECUTE format('DROP POLICY %I ON hub.%I', r.policyname, r.tablename);
    END LOOP;
    -- The operator (through hub_owner) keeps registers, people, grants and budgets, but reads no text.
    FOR r IN SELECT unnest(ARRAY['clock', 'organisations', 'people', 'places', 'lineages', 'datasets', 'submissions',
            'documents', 'document_versions', 'grants', 'decisions', 'disclosures', 'person_budgets',
            'organisation_budgets', 'lineage_budgets', 'read_spans', 'step_ups', 'alerts', 'audit_events', 'index_sizes', 'index_models']) AS name LOOP
        EXECUTE format('CREATE POLICY operator ON hub.%I TO hub_owner USING (true) WITH CHECK (true)', r.name);
    END LOOP;
    -- The auditor reads what was done and under which law, never content.
    FOR r IN SELECT unnest(ARRAY['organisations', 'people', 'places', 'datasets', 'grants', 'decisions', 'disclosures',
            'audit_events', 'alerts']) AS name LOOP
        EXECUTE format('CREATE POLICY auditor ON hub.%I FOR SELECT TO hub_auditor USING (true)', r.name);
    END LOOP;
    -- disclose() and disclosed_text() run as hub_disclosure; live_scope() is their wall.
    FOR r IN SELECT unnest(ARRAY['people', 'lineages', 'datasets', 'documents', 'document_versions', 'chunks',
            'decisions', 'disclosures']) AS name LOOP
        EXECUTE format('CREATE POLICY disclosure ON hub.%I FOR SELECT TO hub_disclosure USING (true)', r.name);
    END LOOP;
    FOR r IN SELECT unnest(ARRAY['person_budgets', 'organisation_budgets', 'lineage_budgets', 'read_spans', 'text_traces']) AS name LOOP
        EXECUTE format('CREATE POLICY disclosure ON hub.%I TO hub_disclosure USING (true) WITH CHECK (true)', r.name);
    END LOOP;
    -- The worker sees one dataset at a time: the one its job named.
    FOR r IN SELECT unnest(ARRAY['submissions', 'documents', 'document_versions', 'text_revisions', 'chunks',
            'lexeme_counts', 'index_sizes']) AS name LOOP
        EXECUTE format('CREATE POLICY worker ON hub.%I TO hub_worker
            USING (dataset_id = current_setting(''hub.dataset'')::uuid)
            WITH CHECK (dataset_id = current_setting(''hub.dataset'')::uuid)', r.name);
    END LOOP;
END
$$;

CREATE POLICY disclosure_origins ON hub.chunks FOR UPDATE TO hub_disclosure
    USING (dataset_id = current_setting('hub.dataset')::uuid);
CREATE POLICY disclosure_insert ON hub.alerts FOR INSERT TO hub_disclosure WITH CHECK (true);
CREATE POLICY disclosure_insert ON hub.disclosures FOR INSERT TO hub_disclosure
    WITH CHECK (subject_id = hub.subject_id());
CREATE POLICY disclosure_insert ON hub.audit_events FOR INSERT TO hub_disclosure
    WITH CHECK (actor = 'person:' || hub.subject_id());

CREATE POLICY worker ON hub.datasets FOR SELECT TO hub_worker
    USING (id = current_setting('hub.dataset')::uuid);
CREATE POLICY worker ON hub.lineages TO hub_worker
    USING (id IN (SELECT d.lineage_id FROM hub.datasets d));
CREATE POLICY worker ON hub.places FOR SELECT TO hub_worker
    USING (current_setting('hub.dataset')::uuid IS NOT NULL);
CREATE POLICY worker ON hub.audit_events FOR INSERT TO hub_worker
    WITH CHECK (actor LIKE 'worker:%' AND dataset_ids = ARRAY[current_setting('hub.dataset')::uuid]);

CREATE POLICY worker ON hub.index_models FOR SELECT TO hub_worker USING (true);
CREATE POLICY subject ON hub.index_models FOR SELECT TO hub_api USING (hub.subject_id() IS NOT NULL);

CREATE POLICY subject ON hub.people FOR SELECT TO hub_api USING (id = hub.subject_id());
CREATE POLICY subject ON hub.organisations FOR SELECT TO hub_api USING (hub.subject_id() IS NOT NULL);
CREATE POLICY subject ON hub.places FOR SELECT TO hub_api USING (hub.subject_id() IS NOT NULL);
CREATE POLICY subject ON hub.grants FOR SELECT TO hub_api
    USING (everyone OR person_id = (SELECT hub.subject_id()) OR organisation_id = (SELECT hub.granted_organisation()));
CREATE POLICY subject ON hub.datasets FOR SELECT TO hub_api
    USING ((SELECT hub.subject_id()) IS NOT NULL
           AND (listed OR EXISTS (SELECT FROM hub.grants g WHERE g.dataset_id = datasets.id)));
CREATE POLICY subject ON hub.decisions FOR SELECT TO hub_api USING (subject_id = hub.subject_id());
CREATE POLICY subject_insert ON hub.decisions FOR INSERT TO hub_api WITH CHECK (subject_id = hub.subject_id());
CREATE POLICY subject_insert ON hub.audit_events FOR INSERT TO hub_api
    WITH CHECK (actor = 'person:' || hub.subject_id());
