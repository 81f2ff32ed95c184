-- Who may touch what, stated whole: everything is taken away first.
ALTER FUNCTION hub.search_chunks OWNER TO hub_search;
ALTER FUNCTION hub.disclose OWNER TO hub_disclosure;
ALTER FUNCTION hub.open_budgets OWNER TO hub_disclosure;
ALTER FUNCTION hub.budgets_asked OWNER TO hub_disclosure;
ALTER FUNCTION hub.grant_figures OWNER TO hub_disclosure;
ALTER FUNCTION hub.raise_alerts OWNER TO hub_disclosure;
ALTER FUNCTION hub.meter OWNER TO hub_disclosure;
ALTER FUNCTION hub.decide_step_up OWNER TO hub_owner;
ALTER FUNCTION hub.askers OWNER TO hub_owner;
ALTER FUNCTION hub.widened OWNER TO hub_owner;
ALTER FUNCTION hub.acknowledge_alert OWNER TO hub_owner;
ALTER FUNCTION hub.copied_elsewhere OWNER TO hub_disclosure;
ALTER FUNCTION hub.refills_at OWNER TO hub_disclosure;
ALTER FUNCTION hub.passage_spans OWNER TO hub_disclosure;
ALTER FUNCTION hub.trace_copies OWNER TO hub_disclosure;
ALTER FUNCTION hub.charged_person OWNER TO hub_owner;
ALTER FUNCTION hub.set_ceiling OWNER TO hub_owner;
ALTER FUNCTION hub.disclosed_text OWNER TO hub_disclosure;
ALTER FUNCTION hub.document_chunks OWNER TO hub_disclosure;
ALTER FUNCTION hub.visible_datasets OWNER TO hub_owner;
ALTER FUNCTION hub.holdings OWNER TO hub_disclosure;
ALTER FUNCTION hub.passage_facts OWNER TO hub_disclosure;
ALTER FUNCTION hub.characters_left OWNER TO hub_disclosure;
ALTER FUNCTION hub.turn_answer OWNER TO hub_disclosure;
ALTER FUNCTION hub.version_pages OWNER TO hub_disclosure;
ALTER FUNCTION hub.page_chunks OWNER TO hub_disclosure;
ALTER FUNCTION hub.disclosed_page OWNER TO hub_disclosure;
ALTER FUNCTION hub.claim_index OWNER TO hub_owner;
ALTER FUNCTION hub.live_scope OWNER TO hub_owner;
ALTER FUNCTION hub.closed_documents OWNER TO hub_owner;
ALTER FUNCTION hub.new_law OWNER TO hub_owner;
ALTER FUNCTION hub.stored_laws OWNER TO hub_owner;
ALTER FUNCTION hub.decide_hold OWNER TO hub_owner;
ALTER FUNCTION hub.live_grants OWNER TO hub_owner;
ALTER FUNCTION hub.subject_id OWNER TO hub_owner;
ALTER FUNCTION hub.subject_organisation OWNER TO hub_owner;
ALTER FUNCTION hub.granted_organisation OWNER TO hub_owner;
ALTER FUNCTION hub.hub_now OWNER TO hub_owner;
ALTER FUNCTION hub.append_only OWNER TO hub_owner;

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['hub_api', 'hub_worker', 'hub_steward', 'hub_auditor', 'hub_reader', 'hub_search',
            'hub_disclosure', 'PUBLIC'] LOOP
        EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA hub FROM ' || r;
        EXECUTE 'REVOKE ALL ON ALL SEQUENCES IN SCHEMA hub FROM ' || r;
        EXECUTE 'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM ' || r;
        EXECUTE 'REVOKE ALL ON SCHEMA hub FROM ' || r;
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA hub TO hub_api, hub_worker, hub_auditor, hub_search, hub_disclosure;
GRANT EXECUTE ON FUNCTION hub.hub_now TO hub_api, hub_worker, hub_auditor, hub_search, hub_disclosure;
GRANT EXECUTE ON FUNCTION hub.subject_id, hub.subject_organisation TO hub_api, hub_disclosure;
GRANT EXECUTE ON FUNCTION hub.granted_organisation TO hub_api;
GRANT EXECUTE ON FUNCTION hub.live_grants, hub.open_budgets, hub.budgets_asked, hub.grant_figures, hub.refills_at, hub.raise_alerts,
    hub.passage_spans, hub.charged_person TO hub_disclosure;
GRANT EXECUTE ON FUNCTION hub.live_scope, hub.closed_documents TO hub_search, hub_disclosure;

-- The API: asks four functions for anything made from text.
GRANT EXECUTE ON FUNCTION hub.search_chunks, hub.document_chunks, hub.disclose, hub.disclosed_text TO hub_api;
GRANT SELECT ON hub.people, hub.organisations, hub.places, hub.datasets, hub.grants, hub.decisions TO hub_api;
GRANT SELECT ON hub.index_models TO hub_api;
GRANT INSERT (id, subject_id, action, purpose, site, zone, policy_version, dataset_ids, law_ids, rulings)
    ON hub.decisions TO hub_api;
GRANT INSERT (type, actor, object, dataset_ids, decision_id, detail) ON hub.audit_events
    TO hub_api, hub_worker, hub_disclosure;

-- Search: lexemes and vectors in, ids and scores out.
GRANT SELECT ON hub.index_sizes, hub.lexeme_counts TO hub_search;
GRANT SELECT (id, dataset_id, document_id, live, language, lexemes, lexeme_count, embedding) ON hub.chunks TO hub_search;

-- Disclosure.
GRANT SELECT ON hub.people, hub.datasets, hub.lineages, hub.documents, hub.document_versions, hub.decisions,
    hub.disclosures TO hub_disclosure;
GRANT SELECT (id, dataset_id, document_id, version_id, revision_id, span_start, span_end, first_page, last_page,
    heading, body, live, ordinal, origin_lineages) ON hub.chunks TO hub_disclosure;
GRANT UPDATE (origin_lineages) ON hub.chunks TO hub_disclosure;
GRANT SELECT, INSERT ON hub.text_traces TO hub_disclosure;
GRANT INSERT ON hub.disclosures, hub.alerts TO hub_disclosure;
GRANT SELECT, INSERT, UPDATE ON hub.person_budgets, hub.organisation_budgets, hub.lineage_budgets,
    hub.read_spans TO hub_disclosure;

-- The worker writes one dataset at a time, and says by which model.
GRANT EXECUTE ON FUNCTION hub.claim_index, hub.trace_copies TO hub_worker;
GRANT SELECT ON hub.index_models TO hub_worker;
GRANT SELECT ON hub.datasets, hub.places TO hub_worker;
GRANT SELECT, UPDATE (characters, peak_characters) ON hub.lineages TO hub_worker;
GRANT SELECT ON hub.submissions, hub.documents TO hub_worker;
GRANT SELECT, UPDATE (media_type, state, reason, detail, settled_at) ON hub.document_versions TO hub_worker;
GRANT SELECT, INSERT ON hub.text_revisions, hub.chunks TO hub_worker;
GRANT UPDATE (live) ON hub.chunks TO hub_worker;
GRANT SELECT, INSERT, UPDATE ON hub.lexeme_counts, hub.index_sizes TO hub_worker;

-- The auditor reads the ledger and the law.
GRANT SELECT ON hub.alerts, hub.audit_events, hub.decisions, hub.disclosures, hub.grants, hub.datasets, hub.places, hub.people,
    hub.organisations TO hub_auditor;
