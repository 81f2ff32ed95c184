-- Which models an endpoint serves, and where they come from: a fact of every decision, told like the places.
GRANT SELECT ON hub.served_models TO hub_api, hub_worker, hub_steward, hub_auditor;
GRANT UPDATE (forbidden_model_origins) ON hub.datasets TO hub_steward;
CREATE POLICY operator ON hub.served_models TO hub_owner USING (true) WITH CHECK (true);
CREATE POLICY auditor ON hub.served_models FOR SELECT TO hub_auditor USING (true);
CREATE POLICY worker ON hub.served_models FOR SELECT TO hub_worker
    USING (current_setting('hub.dataset')::uuid IS NOT NULL);
CREATE POLICY subject ON hub.served_models FOR SELECT TO hub_api USING ((SELECT hub.subject_id()) IS NOT NULL);
CREATE POLICY steward ON hub.served_models FOR SELECT TO hub_steward USING ((SELECT hub.subject_id()) IS NOT NULL);
