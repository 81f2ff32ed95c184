-- How many pages were read from versions of the current person's organisation; no text.
CREATE OR REPLACE FUNCTION hub.version_pages(p_versions uuid[])
    RETURNS TABLE (version_id uuid, pages integer, language text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT r.version_id, r.pages, r.language
      FROM hub.text_revisions r
      JOIN hub.datasets d ON d.id = r.dataset_id
     WHERE r.version_id = ANY (p_versions) AND d.owner_id = hub.subject_organisation()
$$;
