-- What the law of residency adds: which places a group stands for, told to whoever decides or declares.
GRANT SELECT ON hub.group_members TO hub_api, hub_worker, hub_steward, hub_auditor;
CREATE POLICY operator ON hub.group_members TO hub_owner USING (true) WITH CHECK (true);
CREATE POLICY auditor ON hub.group_members FOR SELECT TO hub_auditor USING (true);
CREATE POLICY worker ON hub.group_members FOR SELECT TO hub_worker
    USING (current_setting('hub.dataset')::uuid IS NOT NULL);
CREATE POLICY subject ON hub.group_members FOR SELECT TO hub_api USING ((SELECT hub.subject_id()) IS NOT NULL);
CREATE POLICY steward ON hub.group_members FOR SELECT TO hub_steward USING ((SELECT hub.subject_id()) IS NOT NULL);

-- What it refused: whoever was refused writes the row, in their own name; nobody changes one.
GRANT INSERT (door, rule, tag, place, dataset_ids, actor, decision_id) ON hub.violations
    TO hub_api, hub_worker, hub_steward;
GRANT SELECT ON hub.violations TO hub_auditor;
CREATE POLICY operator ON hub.violations TO hub_owner USING (true) WITH CHECK (true);
CREATE POLICY auditor ON hub.violations FOR SELECT TO hub_auditor USING (true);
CREATE POLICY subject_insert ON hub.violations FOR INSERT TO hub_api
    WITH CHECK (actor = 'person:' || hub.subject_id());
CREATE POLICY steward_insert ON hub.violations FOR INSERT TO hub_steward
    WITH CHECK (actor = 'person:' || hub.subject_id() AND dataset_ids <@ ARRAY(SELECT d.id FROM hub.datasets d));
CREATE POLICY worker_insert ON hub.violations FOR INSERT TO hub_worker
    WITH CHECK (actor LIKE 'worker:%' AND dataset_ids = ARRAY[current_setting('hub.dataset')::uuid]);

-- Tags of documents that are stricter than their dataset: who decides reads them, a steward declares them.
CREATE POLICY operator ON hub.document_laws TO hub_owner USING (true) WITH CHECK (true);
CREATE POLICY disclosure ON hub.document_laws FOR SELECT TO hub_disclosure USING (true);
CREATE POLICY subject ON hub.document_laws FOR SELECT TO hub_api
    USING (dataset_id IN (SELECT g.dataset_id FROM hub.grants g));
CREATE POLICY worker ON hub.document_laws FOR SELECT TO hub_worker
    USING (dataset_id = current_setting('hub.dataset')::uuid);
CREATE POLICY steward ON hub.document_laws TO hub_steward
    USING (dataset_id IN (SELECT d.id FROM hub.datasets d))
    WITH CHECK (dataset_id IN (SELECT d.id FROM hub.datasets d));
CREATE POLICY auditor ON hub.document_laws FOR SELECT TO hub_auditor USING (true);
GRANT SELECT ON hub.document_laws TO hub_api, hub_worker, hub_disclosure, hub_auditor;
GRANT EXECUTE ON FUNCTION hub.stored_laws TO hub_steward, hub_auditor;
GRANT SELECT, INSERT, DELETE ON hub.document_laws TO hub_steward;
GRANT UPDATE (law_id) ON hub.documents TO hub_steward;
-- What is held goes on or ends by its steward's word.
GRANT EXECUTE ON FUNCTION hub.decide_hold TO hub_steward, hub_owner;
CREATE POLICY steward_unreleased ON hub.document_versions AS RESTRICTIVE FOR INSERT TO hub_steward
    WITH CHECK (NOT released);
