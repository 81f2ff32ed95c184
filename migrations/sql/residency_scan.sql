-- The residency scan: which objects and rows derive from which datasets. Ids and tags, never a word of text.
REVOKE ALL ON ALL TABLES IN SCHEMA hub FROM hub_scanner;
GRANT USAGE ON SCHEMA hub TO hub_scanner;
CREATE POLICY scanner ON hub.datasets FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.document_versions FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.text_revisions FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.chunks FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.lexeme_counts FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.index_sizes FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.text_traces FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.turns FOR SELECT TO hub_scanner USING (true);
GRANT SELECT (id, slug, lineage_id, classification, store_in, process_in, access_from, forbidden_legal_control,
    forbidden_model_origins, purposes) ON hub.datasets TO hub_scanner;
CREATE POLICY scanner ON hub.documents FOR SELECT TO hub_scanner USING (true);
CREATE POLICY scanner ON hub.document_laws FOR SELECT TO hub_scanner USING (true);
GRANT SELECT (id, law_id) ON hub.documents TO hub_scanner;
GRANT SELECT ON hub.document_laws TO hub_scanner;
GRANT SELECT (id, dataset_id, document_id, sha256) ON hub.document_versions TO hub_scanner;
GRANT SELECT (id, dataset_id, version_id, extracted_at) ON hub.text_revisions TO hub_scanner;
GRANT SELECT (id, dataset_id, version_id, live) ON hub.chunks TO hub_scanner;
GRANT SELECT (dataset_id) ON hub.lexeme_counts, hub.index_sizes TO hub_scanner;
GRANT SELECT (lineage_id) ON hub.text_traces TO hub_scanner;
GRANT SELECT (id, dataset_ids, chunk_ids) ON hub.turns TO hub_scanner;

-- Every dataset's tags, withdrawn ones too: what is kept of them lies here still.
DROP FUNCTION IF EXISTS hub.scanned_datasets(); -- a changed row type can't be replaced
CREATE FUNCTION hub.scanned_datasets()
    RETURNS TABLE (
        id uuid, slug text, classification text, store_in text[], process_in text[], access_from text[],
        forbidden_legal_control text[], forbidden_model_origins text[], purposes text[]
    )
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT d.id, d.slug, d.classification, d.store_in, d.process_in, d.access_from, d.forbidden_legal_control,
           d.forbidden_model_origins, d.purposes
      FROM hub.datasets d ORDER BY d.slug
$$;

-- The tags of documents that have their own, the versions that stand under them, and since when there is text of one.
DROP FUNCTION IF EXISTS hub.scanned_laws(); -- a changed row type can't be replaced
CREATE FUNCTION hub.scanned_laws()
    RETURNS TABLE (
        dataset_id uuid, version_ids uuid[], since timestamptz, classification text, store_in text[], process_in text[],
        access_from text[], forbidden_legal_control text[]
    )
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT l.dataset_id, array_agg(DISTINCT v.id), min(r.extracted_at), l.classification, l.store_in, l.process_in,
           l.access_from, l.forbidden_legal_control
      FROM hub.document_laws l
      JOIN hub.documents f ON f.law_id = l.id
      JOIN hub.document_versions v ON v.document_id = f.id
      LEFT JOIN hub.text_revisions r ON r.version_id = v.id
     GROUP BY l.id
$$;

-- Which datasets and versions each original belongs to.
CREATE OR REPLACE FUNCTION hub.scanned_objects()
    RETURNS TABLE (sha256 text, dataset_ids uuid[], version_ids uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT v.sha256, array_agg(DISTINCT v.dataset_id ORDER BY v.dataset_id), array_agg(v.id)
      FROM hub.document_versions v GROUP BY v.sha256
$$;

-- What is kept in the database of these datasets or versions, table by table, and of which of the versions it is made;
-- what is many rows of one thing is one line. Counts of a dataset's words are made of every version in its index.
DROP FUNCTION IF EXISTS hub.scanned_rows(uuid[], uuid[]); -- a changed row type can't be replaced
CREATE FUNCTION hub.scanned_rows(p_datasets uuid[], p_versions uuid[])
    RETURNS TABLE (kind text, object text, dataset_ids uuid[], version_ids uuid[], held bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    WITH chunked AS (
        SELECT c.dataset_id, c.version_id, bool_or(c.live) AS live FROM hub.chunks c
         WHERE c.version_id = ANY (p_versions) GROUP BY c.dataset_id, c.version_id
    ), of AS (
        SELECT d.id, d.lineage_id, coalesce(array_agg(k.version_id) FILTER (WHERE k.live), '{}') AS indexed,
               coalesce(array_agg(k.version_id) FILTER (WHERE k.live IS NOT NULL), '{}') AS printed
          FROM hub.datasets d LEFT JOIN chunked k ON k.dataset_id = d.id
         WHERE d.id = ANY (p_datasets) OR k.version_id IS NOT NULL GROUP BY d.id
    )
    SELECT 'text_revisions', r.id::text, ARRAY[r.dataset_id], ARRAY[r.version_id], 1::bigint FROM hub.text_revisions r
     WHERE r.dataset_id = ANY (p_datasets) OR r.version_id = ANY (p_versions)
    UNION ALL
    SELECT 'chunks', c.version_id::text, ARRAY[c.dataset_id], ARRAY[c.version_id], count(*) FROM hub.chunks c
     WHERE c.dataset_id = ANY (p_datasets) OR c.version_id = ANY (p_versions) GROUP BY c.version_id, c.dataset_id
    UNION ALL
    SELECT 'lexeme_counts', o.id::text, ARRAY[o.id], o.indexed, count(*)
      FROM of o JOIN hub.lexeme_counts l ON l.dataset_id = o.id
     WHERE o.id = ANY (p_datasets) OR cardinality(o.indexed) > 0 GROUP BY o.id, o.indexed
    UNION ALL
    SELECT 'index_sizes', o.id::text, ARRAY[o.id], o.indexed, count(*)
      FROM of o JOIN hub.index_sizes i ON i.dataset_id = o.id
     WHERE o.id = ANY (p_datasets) OR cardinality(o.indexed) > 0 GROUP BY o.id, o.indexed
    UNION ALL
    SELECT 'text_traces', o.id::text, ARRAY[o.id], o.printed, count(*)
      FROM of o JOIN hub.text_traces t ON t.lineage_id = o.lineage_id GROUP BY o.id, o.printed
    UNION ALL
    SELECT 'turns', t.id::text, ARRAY(SELECT unnest(t.dataset_ids) INTERSECT SELECT unnest(p_datasets) ORDER BY 1), '{}', 1
      FROM hub.turns t WHERE t.dataset_ids && p_datasets
    UNION ALL
    SELECT 'turns', t.id::text, array_agg(DISTINCT c.dataset_id), array_agg(DISTINCT c.version_id), 1
      FROM hub.turns t JOIN hub.chunks c ON c.id = ANY (t.chunk_ids)
     WHERE c.version_id = ANY (p_versions) AND NOT t.dataset_ids && p_datasets GROUP BY t.id
$$;

-- Of which datasets a copy of the whole database would hold anything made from text.
CREATE OR REPLACE FUNCTION hub.scanned_holdings() RETURNS TABLE (id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT d.id FROM hub.datasets d
     WHERE EXISTS (SELECT FROM hub.text_revisions r WHERE r.dataset_id = d.id)
        OR EXISTS (SELECT FROM hub.chunks c WHERE c.dataset_id = d.id)
        OR EXISTS (SELECT FROM hub.lexeme_counts l WHERE l.dataset_id = d.id)
        OR EXISTS (SELECT FROM hub.text_traces t WHERE t.lineage_id = d.lineage_id)
        OR EXISTS (SELECT FROM hub.turns t WHERE d.id = ANY (t.dataset_ids))
$$;

-- Keeps what a scan found. What is new leaves a violation row besides; what a scan of its kind finds no more is gone.
CREATE OR REPLACE FUNCTION hub.keep_findings(p_found jsonb, p_kinds text[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_now timestamptz := hub.hub_now();
    v_actor text := current_setting('hub.actor');
    v_new bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(743); -- two scans at once would each find the same thing new
    UPDATE hub.findings f SET gone_at = v_now
     WHERE f.gone_at IS NULL AND f.kind = ANY (p_kinds)
       AND NOT EXISTS (SELECT FROM jsonb_to_recordset(p_found) AS n (kind text, object text, rule text, place text)
                        WHERE (n.kind, n.object, n.rule, n.place) = (f.kind, f.object, f.rule, f.place));
    UPDATE hub.findings f SET seen_at = v_now
      FROM jsonb_to_recordset(p_found) AS n (kind text, object text, rule text, place text)
     WHERE f.gone_at IS NULL AND (n.kind, n.object, n.rule, n.place) = (f.kind, f.object, f.rule, f.place);
    WITH added AS (
        INSERT INTO hub.findings (kind, object, dataset_ids, place, door, rule, tag, held)
        SELECT n.kind, n.object, n.dataset_ids, n.place, n.door, n.rule, n.tag, n.held
          FROM jsonb_to_recordset(p_found) AS n (
               kind text, object text, dataset_ids uuid[], place text, door text, rule text, tag text, held bigint)
        ON CONFLICT (kind, object, rule, place) WHERE gone_at IS NULL DO NOTHING
        RETURNING door, rule, tag, place, dataset_ids
    ), written AS (
        INSERT INTO hub.violations (door, rule, tag, place, dataset_ids, actor)
        SELECT a.door, a.rule, a.tag, a.place, a.dataset_ids, v_actor FROM added a WHERE cardinality(a.dataset_ids) > 0
    )
    SELECT count(*) INTO v_new FROM added;
    INSERT INTO hub.audit_events (type, actor, object, dataset_ids, detail)
    SELECT 'residency.scanned', v_actor, 'residency',
           coalesce(array_agg(DISTINCT one.id ORDER BY one.id) FILTER (WHERE one.id IS NOT NULL), '{}'),
           jsonb_build_object('found', jsonb_array_length(p_found), 'new', v_new, 'kinds', to_jsonb(p_kinds))
      FROM (SELECT unnest(n.dataset_ids) AS id FROM jsonb_to_recordset(p_found) AS n (dataset_ids uuid[])) one;
    RETURN v_new;
END
$$;

ALTER FUNCTION hub.scanned_datasets OWNER TO hub_scanner;
ALTER FUNCTION hub.scanned_laws OWNER TO hub_scanner;
ALTER FUNCTION hub.scanned_objects OWNER TO hub_scanner;
ALTER FUNCTION hub.scanned_rows OWNER TO hub_scanner;
ALTER FUNCTION hub.scanned_holdings OWNER TO hub_scanner;
ALTER FUNCTION hub.keep_findings OWNER TO hub_owner;
REVOKE ALL ON FUNCTION hub.scanned_datasets, hub.scanned_laws, hub.scanned_objects, hub.scanned_rows, hub.scanned_holdings,
    hub.keep_findings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.scanned_datasets, hub.scanned_laws, hub.scanned_objects, hub.scanned_rows,
    hub.scanned_holdings
    TO hub_owner, hub_worker;
GRANT EXECUTE ON FUNCTION hub.keep_findings TO hub_worker;
CREATE POLICY operator ON hub.findings TO hub_owner USING (true) WITH CHECK (true);
GRANT SELECT ON hub.findings TO hub_auditor;
CREATE POLICY auditor ON hub.findings FOR SELECT TO hub_auditor USING (true);
