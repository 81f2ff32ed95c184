-- What each dataset the current person may see holds: counts and kinds, no names and no text. A document with tags of
-- its own is on no card but its stewards': who may not read it shall not see the figure move.
CREATE OR REPLACE FUNCTION hub.holdings()
    RETURNS TABLE (dataset_id uuid, documents bigint, pages bigint, media_types text[], languages text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT s.id, held.*
      FROM hub.visible_datasets() AS s (id)
     CROSS JOIN LATERAL ( -- dataset by dataset, by an index: what lies beside them costs no time
           SELECT count(v.id), coalesce(sum(r.pages), 0)::bigint,
                  coalesce(array_agg(DISTINCT v.media_type ORDER BY v.media_type)
                           FILTER (WHERE v.media_type IS NOT NULL), '{}'),
                  coalesce(array_agg(DISTINCT r.language ORDER BY r.language)
                           FILTER (WHERE r.language IS NOT NULL), '{}')
             FROM hub.document_versions v
             JOIN hub.documents f ON f.id = v.document_id AND (f.law_id IS NULL OR session_user = 'hub_steward')
             LEFT JOIN hub.text_revisions r ON r.version_id = v.id
            WHERE v.dataset_id = s.id AND v.state = 'published') held
$$;
