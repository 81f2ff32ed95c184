-- What whoever answers for residency may know of a dataset without seeing a document or a grantee's name: figures.

-- Who holds a live grant on it, alike for the law: place, clearance and purposes. A steward learns of their own only.
CREATE OR REPLACE FUNCTION hub.holders(p_dataset uuid)
    RETURNS TABLE (jurisdiction text, clearance text, purposes text[], people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT held.jurisdiction, held.clearance, held.purposes, count(*)
      FROM (SELECT p.jurisdiction, p.clearance, array_agg(DISTINCT g.purpose ORDER BY g.purpose) AS purposes
              FROM hub.datasets d
              JOIN hub.grants g ON g.dataset_id = d.id
              JOIN hub.people p ON g.everyone OR g.person_id = p.id
                                OR (g.organisation_id = p.organisation_id AND p.kind <> 'service')
             WHERE d.id = p_dataset AND d.withdrawn_at IS NULL
               AND CASE WHEN session_user = 'hub_steward' THEN d.owner_id = hub.subject_organisation() ELSE true END
               AND g.starts_at <= hub.hub_now() AND hub.hub_now() < g.ends_at
               AND g.suspended_at IS NULL AND g.revoked_at IS NULL AND g.mode <> 'train'
             GROUP BY p.id) held
     GROUP BY 1, 2, 3
$$;

-- How many documents and versions of them are kept here of it, whatever their state: an original stays.
CREATE OR REPLACE FUNCTION hub.kept_versions(p_dataset uuid)
    RETURNS TABLE (documents bigint, versions bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT count(DISTINCT v.document_id), count(*)
      FROM hub.document_versions v
      JOIN hub.datasets d ON d.id = v.dataset_id
     WHERE d.id = p_dataset AND CASE WHEN session_user = 'hub_steward' THEN d.owner_id = hub.subject_organisation() ELSE true END
$$;

-- Whom a grant on a steward's own dataset names, in person or by organisation, once or still. A grant for everyone
-- names nobody: a steward gives those alone, and would learn of all people by one.
CREATE OR REPLACE FUNCTION hub.grantees(p_dataset uuid)
    RETURNS TABLE (
        id uuid, slug text, name text, organisation_id uuid, jurisdiction text, clearance text, behind_id uuid, kind text
    )
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT p.id, p.slug, p.name, p.organisation_id, p.jurisdiction, p.clearance, p.behind_id, p.kind
      FROM hub.people p
     WHERE EXISTS (SELECT FROM hub.grants g
                     JOIN hub.datasets d ON d.id = g.dataset_id
                    WHERE d.id = p_dataset AND d.owner_id = hub.subject_organisation()
                      AND (g.person_id = p.id OR (g.organisation_id = p.organisation_id AND p.kind <> 'service')))
     ORDER BY p.slug
$$;

ALTER FUNCTION hub.holders OWNER TO hub_owner;
ALTER FUNCTION hub.kept_versions OWNER TO hub_owner;
ALTER FUNCTION hub.grantees OWNER TO hub_owner;
REVOKE ALL ON FUNCTION hub.holders, hub.kept_versions, hub.grantees FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.holders, hub.kept_versions TO hub_steward, hub_auditor;
GRANT EXECUTE ON FUNCTION hub.grantees TO hub_steward;
GRANT EXECUTE ON FUNCTION hub.subject_organisation TO hub_owner;
