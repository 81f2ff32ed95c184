-- Notes which passages of a version stood in another lineage before, and where this text stands now. Prints are hashes
-- of runs of words; a passage that shares a fifth of its prints with another lineage is a copy from it, whatever became
-- of the original since: what was read there is counted on here. Of the other lineage nobody learns but the gate.
CREATE OR REPLACE FUNCTION hub.trace_copies(p_version uuid, p_ordinals integer[], p_prints bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
DECLARE
    v_dataset uuid := current_setting('hub.dataset')::uuid;
    v_lineage uuid;
BEGIN
    -- Two copies of one text at once: they share their smallest prints, so the second waits and then sees the first.
    PERFORM pg_advisory_xact_lock(743, hashint8(least.print))
       FROM (SELECT DISTINCT t.print FROM unnest(p_prints) AS t (print) ORDER BY t.print LIMIT 8) AS least;
    SELECT d.lineage_id INTO STRICT v_lineage FROM hub.datasets d WHERE d.id = v_dataset;
    UPDATE hub.chunks c SET origin_lineages = found.lineages
      FROM (SELECT hits.ordinal, array_agg(hits.lineage_id ORDER BY hits.lineage_id) AS lineages
              FROM (SELECT t.ordinal, k.lineage_id, count(*) AS shared
                      FROM unnest(p_ordinals, p_prints) AS t (ordinal, print)
                      JOIN hub.text_traces k ON k.print = t.print AND k.lineage_id <> v_lineage
                     GROUP BY t.ordinal, k.lineage_id) hits
              JOIN (SELECT t.ordinal, count(*) AS prints FROM unnest(p_ordinals) AS t (ordinal) GROUP BY t.ordinal) held
                USING (ordinal)
             WHERE hits.shared * 5 >= held.prints
             GROUP BY hits.ordinal) found
     WHERE c.version_id = p_version AND c.dataset_id = v_dataset AND c.ordinal = found.ordinal;
    INSERT INTO hub.text_traces (print, lineage_id)
    SELECT DISTINCT t.print, v_lineage FROM unnest(p_prints) AS t (print)
    ON CONFLICT DO NOTHING;
END
$$;
