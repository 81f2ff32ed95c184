-- What the law of residency adds: which places a group stands for, told to whoever decides or declares.
GRANT SELECT ON hub.group_members TO hub_api, hub_worker, hub_steward, hub_auditor;
CREATE POLICY operator ON hub.group_members TO hub_owner USING (true) WITH CHECK (true);
CREATE POLICY auditor ON hub.group_members FOR SELECT TO hub_auditor USING (true);
CREATE POLICY worker ON hub.group_members FOR SELECT TO hub_worker
    USING (current_setting('hub.dataset')::uuid IS NOT NULL);
CREATE POLICY subject ON hub.group_members FOR SELECT TO hub_api USING ((SELECT hub.subject_id()) IS NOT NULL);
CREATE POLICY steward ON hub.group_members FOR SELECT TO hub_steward USING ((SELECT hub.subject_id()) IS NOT NULL);
