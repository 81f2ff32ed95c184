-- What the doors for people add: a person's own history, cards and figures; stewards, each for their organisation.
REVOKE ALL ON ALL TABLES IN SCHEMA queue FROM hub_steward;

-- A person: their own turns without the answer, which turn_answer() gives out.
GRANT EXECUTE ON FUNCTION hub.visible_datasets TO hub_disclosure, hub_api, hub_steward;
GRANT EXECUTE ON FUNCTION hub.holdings, hub.passage_facts, hub.characters_left, hub.turn_answer TO hub_api;
GRANT INSERT (id, conversation_id, person_id, purpose, question, refused, answer, chunk_ids, dataset_ids)
    ON hub.turns TO hub_api;
GRANT SELECT (id, conversation_id, person_id, asked_at, purpose, question, refused, dataset_ids, useful, note)
    ON hub.turns TO hub_api;
GRANT UPDATE (useful, note) ON hub.turns TO hub_api;
GRANT SELECT ON hub.turns TO hub_disclosure;
GRANT SELECT (version_id, dataset_id, pages, language) ON hub.text_revisions TO hub_disclosure;
CREATE POLICY subject ON hub.turns TO hub_api
    USING (person_id = hub.subject_id()) WITH CHECK (person_id = hub.subject_id());
CREATE POLICY disclosure ON hub.turns FOR SELECT TO hub_disclosure USING (person_id = hub.subject_id());
CREATE POLICY disclosure ON hub.text_revisions FOR SELECT TO hub_disclosure USING (true);

-- Asking for more: a person their own questions, a steward those about their datasets; one function decides.
GRANT EXECUTE ON FUNCTION hub.meter TO hub_api;
GRANT INSERT (person_id, dataset_id, purpose, characters, reason) ON hub.step_ups TO hub_api;
GRANT SELECT ON hub.step_ups TO hub_api, hub_steward;
GRANT EXECUTE ON FUNCTION hub.decide_step_up, hub.askers TO hub_steward;
GRANT EXECUTE ON FUNCTION hub.copied_elsewhere TO hub_steward, hub_owner;
CREATE POLICY subject ON hub.step_ups FOR SELECT TO hub_api USING (person_id = hub.subject_id());
CREATE POLICY subject_insert ON hub.step_ups FOR INSERT TO hub_api WITH CHECK (person_id = hub.subject_id());
CREATE POLICY steward ON hub.step_ups FOR SELECT TO hub_steward
    USING (dataset_id IN (SELECT d.id FROM hub.datasets d));
GRANT UPDATE (bait) ON hub.documents TO hub_steward;
-- An admin's word on an alert.
GRANT EXECUTE ON FUNCTION hub.acknowledge_alert TO hub_api;

-- The picture of a page: the API learns what it would cost, the reader which original it is drawn from.
GRANT EXECUTE ON FUNCTION hub.page_chunks TO hub_api;
GRANT EXECUTE ON FUNCTION hub.characters_left TO hub_disclosure;
GRANT USAGE ON SCHEMA hub TO hub_reader;
GRANT EXECUTE ON FUNCTION hub.disclosed_page TO hub_reader;

-- A steward keeps their own organisation's datasets and what is handed in for them; never a word of a document.
GRANT USAGE ON SCHEMA hub TO hub_steward;
GRANT EXECUTE ON FUNCTION hub.hub_now, hub.subject_id, hub.subject_organisation, hub.version_pages, hub.holdings,
    hub.characters_left, hub.set_ceiling TO hub_steward;
GRANT SELECT ON hub.people, hub.organisations, hub.places, hub.datasets, hub.lineages, hub.submissions, hub.documents,
    hub.document_versions, hub.grants, hub.organisation_budgets TO hub_steward;
GRANT INSERT ON hub.datasets, hub.lineages, hub.grants, hub.submissions, hub.documents, hub.document_versions
    TO hub_steward;
GRANT UPDATE (title, description, listed, classification, store_in, process_in, access_from, forbidden_legal_control,
    purposes) ON hub.datasets TO hub_steward;
GRANT UPDATE (unchanged) ON hub.submissions TO hub_steward;
GRANT UPDATE (state) ON hub.document_versions TO hub_steward; -- a row lock needs it
GRANT INSERT (type, actor, object, dataset_ids, decision_id, detail) ON hub.audit_events TO hub_steward;
CREATE POLICY steward ON hub.people FOR SELECT TO hub_steward
    USING (id = hub.subject_id());
CREATE POLICY steward ON hub.organisations FOR SELECT TO hub_steward USING (hub.subject_id() IS NOT NULL);
CREATE POLICY steward ON hub.places FOR SELECT TO hub_steward USING (hub.subject_id() IS NOT NULL);
CREATE POLICY steward ON hub.datasets TO hub_steward
    USING (owner_id = hub.subject_organisation()) WITH CHECK (owner_id = hub.subject_organisation());
CREATE POLICY steward ON hub.lineages FOR SELECT TO hub_steward
    USING (id IN (SELECT d.lineage_id FROM hub.datasets d));
CREATE POLICY steward ON hub.organisation_budgets FOR SELECT TO hub_steward
    USING (lineage_id IN (SELECT d.lineage_id FROM hub.datasets d));
CREATE POLICY steward_insert ON hub.lineages FOR INSERT TO hub_steward WITH CHECK (characters = 0);
-- Only the grant for everyone that a public dataset is registered with; a person's grant is decided elsewhere.
CREATE POLICY steward ON hub.grants FOR SELECT TO hub_steward
    USING (dataset_id IN (SELECT d.id FROM hub.datasets d));
CREATE POLICY steward_insert ON hub.grants FOR INSERT TO hub_steward
    WITH CHECK (everyone AND dataset_id IN (SELECT d.id FROM hub.datasets d WHERE d.classification = 'public'));
CREATE POLICY steward_insert ON hub.audit_events FOR INSERT TO hub_steward
    WITH CHECK (actor = 'person:' || hub.subject_id());
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['submissions', 'documents', 'document_versions'] LOOP
        EXECUTE format('CREATE POLICY steward ON hub.%I TO hub_steward
            USING (dataset_id IN (SELECT d.id FROM hub.datasets d))
            WITH CHECK (dataset_id IN (SELECT d.id FROM hub.datasets d))', r);
    END LOOP;
END
$$;

-- The queue: a steward adds jobs and learns their numbers, nothing of any other job.
GRANT USAGE ON SCHEMA queue TO hub_steward;
GRANT INSERT, SELECT (id) ON queue.procrastinate_jobs TO hub_steward;
GRANT INSERT ON queue.procrastinate_events TO hub_steward;
GRANT USAGE ON SEQUENCE queue.procrastinate_jobs_id_seq, queue.procrastinate_events_id_seq TO hub_steward;
GRANT EXECUTE ON FUNCTION queue.procrastinate_defer_jobs_v1 TO hub_steward;
