-- That a dataset's owner looked at what is public of it: a steward adds a row in their own name for a dataset of theirs,
-- nobody changes one, and whoever keeps the dataset, or runs the hub, hears of the newest by whom it was.
CREATE OR REPLACE FUNCTION hub.metadata_review(p_dataset uuid)
    RETURNS TABLE (digest text, person text, reviewed_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT r.digest, p.name, r.reviewed_at
      FROM hub.metadata_reviews r
      JOIN hub.datasets d ON d.id = r.dataset_id
      JOIN hub.people p ON p.id = r.person_id
     WHERE r.dataset_id = p_dataset
       AND CASE session_user WHEN 'hub_operator' THEN true ELSE d.owner_id = hub.subject_organisation() END
     ORDER BY r.reviewed_at DESC, r.id LIMIT 1
$$;

ALTER FUNCTION hub.metadata_review OWNER TO hub_owner;
REVOKE ALL ON FUNCTION hub.metadata_review FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.metadata_review TO hub_steward;
GRANT INSERT (dataset_id, person_id, digest) ON hub.metadata_reviews TO hub_steward;
-- Whoever runs the hub reads them and adds none: the owner's word is nobody else's.
CREATE POLICY operator ON hub.metadata_reviews FOR SELECT TO hub_owner USING (true);
CREATE POLICY steward_insert ON hub.metadata_reviews FOR INSERT TO hub_steward
    WITH CHECK (person_id = hub.subject_id() AND dataset_id IN (SELECT d.id FROM hub.datasets d));
