-- Make sure the budget rows exist, roll windows over, lock them, and say what each lineage still holds for this person.
-- Lineages come by id, and of each first the whole's row, then the organisation's, then the person's.
--
-- A lineage is charged because the person has a grant on a dataset of it, or because a passage was copied from it: then
-- its own defaults bound the person, its owner's ceiling bounds all, and its size is the most it ever was.
DROP FUNCTION IF EXISTS hub.open_budgets(uuid, uuid, text, uuid[], uuid[]); -- it returned nothing
CREATE FUNCTION hub.open_budgets(
    p_person uuid, p_organisation uuid, p_purpose text, p_scope uuid[], p_chunks uuid[],
    OUT lineages uuid[], OUT characters_left bigint[]
)
    LANGUAGE plpgsql
    SET search_path = hub, extensions, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_now timestamptz := hub.hub_now();
    v_row record;
    v_whole bigint;
    v_organisation bigint;
    v_person bigint;
BEGIN
    lineages := '{}';
    characters_left := '{}';
    FOR v_row IN
        SELECT b.lineage_id, min(b.size) AS size, max(b.ceiling) AS ceiling, min(b.window_s) AS window_s,
               max(b.window_limit) AS window_limit, max(b.lifetime_limit) AS lifetime_limit, bool_or(b.open) AS open
          FROM hub.budgets_asked(p_purpose, p_scope, p_chunks) b
         GROUP BY b.lineage_id
         ORDER BY b.lineage_id
    LOOP
        v_whole := NULL;
        IF v_row.ceiling < 1 THEN
            INSERT INTO hub.lineage_budgets (lineage_id, used, cap)
            SELECT v_row.lineage_id, coalesce(sum(o.used), 0), coalesce(sum(o.used), 0)
              FROM hub.organisation_budgets o WHERE o.lineage_id = v_row.lineage_id
            ON CONFLICT DO NOTHING;
            UPDATE hub.lineage_budgets b SET cap = greatest(b.used, floor(v_row.ceiling * v_row.size)::bigint)
             WHERE b.lineage_id = v_row.lineage_id
            RETURNING b.cap - b.used INTO v_whole;
            v_whole := coalesce(v_whole, -1); -- no row: nothing
        END IF;
        IF v_row.open THEN
            INSERT INTO hub.organisation_budgets (organisation_id, lineage_id, share, open, used, cap)
            VALUES (p_organisation, v_row.lineage_id, v_row.ceiling, true, 0, 0) ON CONFLICT DO NOTHING;
        END IF;
        UPDATE hub.organisation_budgets o
           SET cap = greatest(o.used, floor(
                   CASE WHEN o.open THEN v_row.ceiling ELSE least(o.share, v_row.ceiling) END
                   -- Who may read all of it may read its headings with each passage, too: the whole bounds nothing.
                   * CASE WHEN least(CASE WHEN o.open THEN 1 ELSE o.share END, v_row.ceiling) >= 1 THEN 2 ELSE 1 END
                   * v_row.size)::bigint)
         WHERE o.organisation_id = p_organisation AND o.lineage_id = v_row.lineage_id
        RETURNING o.cap - o.used INTO v_organisation;
        INSERT INTO hub.person_budgets
        VALUES (p_person, v_row.lineage_id, v_now, 0, v_row.window_limit, 0, v_row.lifetime_limit)
        ON CONFLICT DO NOTHING;
        UPDATE hub.person_budgets b
           SET window_started_at = CASE WHEN o.rolled THEN v_now ELSE b.window_started_at END,
               window_used = CASE WHEN o.rolled THEN 0 ELSE b.window_used END,
               window_limit = greatest(v_row.window_limit, CASE WHEN o.rolled THEN 0 ELSE b.window_used END),
               lifetime_limit = greatest(v_row.lifetime_limit, b.lifetime_used)
          FROM (SELECT v_now >= p.window_started_at + make_interval(secs => v_row.window_s) AS rolled
                  FROM hub.person_budgets p
                 WHERE p.person_id = p_person AND p.lineage_id = v_row.lineage_id FOR UPDATE) o
         WHERE b.person_id = p_person AND b.lineage_id = v_row.lineage_id
        RETURNING least(b.window_limit - b.window_used, b.lifetime_limit - b.lifetime_used) INTO v_person;
        lineages := lineages || v_row.lineage_id;
        -- An organisation without a share reads nothing; no row has left a null here.
        characters_left := characters_left || least(v_whole, coalesce(v_organisation, -1), v_person);
    END LOOP;
END
$$;

-- The budgets that some passages are charged to: of their own lineages under each live grant, and of the lineages they
-- were copied from. A grant's own figures count within the owner's limits; full reading has a ceiling of its own.
CREATE OR REPLACE FUNCTION hub.budgets_asked(p_purpose text, p_scope uuid[], p_chunks uuid[])
    RETURNS TABLE (
        lineage_id uuid, size bigint, ceiling numeric, window_s integer, window_limit bigint, lifetime_limit bigint,
        open boolean
    )
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    WITH asked AS (
        SELECT DISTINCT c.dataset_id, c.origin_lineages FROM hub.chunks c
         WHERE c.id = ANY (p_chunks) AND c.dataset_id = ANY (p_scope))
    SELECT l.id, l.characters, f.ceiling, d.window_s, f.window_limit, f.lifetime_limit, g.everyone
      FROM hub.live_grants(p_purpose) g
      JOIN hub.datasets d ON d.id = g.dataset_id
      JOIN hub.lineages l ON l.id = d.lineage_id
     CROSS JOIN LATERAL hub.grant_figures(d, l, g.mode, g.window_characters, g.lifetime_characters) f
     WHERE d.id IN (SELECT a.dataset_id FROM asked a)
    UNION ALL
    SELECT l.id, l.peak_characters, l.ceiling_share, d.window_s, d.window_characters, d.lifetime_characters, true
      FROM (SELECT DISTINCT unnest(a.origin_lineages) AS id FROM asked a) o
      JOIN hub.lineages l ON l.id = o.id
      JOIN hub.datasets d ON d.lineage_id = l.id
$$;

-- What one grant allows: the owner's defaults, its own figures within the owner's limits, or the whole of full reading.
CREATE OR REPLACE FUNCTION hub.grant_figures(
    p_dataset hub.datasets, p_lineage hub.lineages, p_mode text, p_window bigint, p_lifetime bigint,
    OUT ceiling numeric, OUT window_limit bigint, OUT lifetime_limit bigint
)
    LANGUAGE sql STABLE
    SET search_path = hub, pg_temp
AS $$
    SELECT greatest(p_lineage.ceiling_share, w.share),
           coalesce(floor(w.share * p_lineage.characters)::bigint,
                    least(coalesce(p_window, p_dataset.window_characters), p_dataset.most_window_characters)),
           coalesce(floor(w.share * p_lineage.characters)::bigint,
                    least(coalesce(p_lifetime, p_dataset.lifetime_characters), p_dataset.most_lifetime_characters))
      FROM (SELECT CASE WHEN p_mode = 'full' THEN p_lineage.full_share END AS share) w
$$;
