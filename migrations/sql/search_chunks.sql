-- The nearest chunks within a decision's live scope: ids and scores, never text; scores stay inside the hub.
-- Ordered by the full scores, but told to two decimals: a vector can't be recovered from many exact cosines.
--
-- Lexical: Okapi BM25 (Robertson & Zaragoza 2009; k1 = 1.2, b = 0.75), with document frequencies counted
-- inside the scope only, so that what a person may not see can't move what they see.
-- Dense: cosine; exact up to 10,000 visible chunks, HNSW with iterative scan above (performance fact 2),
-- and exact again when that scan ends before it has as many rows as there are.
-- Hybrid: mean of both scores, each scaled to 0…1 over the candidates (performance fact 6).
-- Owned by hub_search, which gets past row security and owns nothing else: live_scope() is the wall here.
CREATE OR REPLACE FUNCTION hub.search_chunks(
    p_decision uuid, p_question text, p_embedding extensions.halfvec, p_limit integer, p_mode text
)
    RETURNS TABLE (
        chunk_id uuid, document_id uuid, score double precision, similarity double precision, shares_words boolean
    )
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, extensions, pg_temp
    SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    k_saturation constant double precision := 1.2;
    k_length constant double precision := 0.75;
    k_exact_up_to constant bigint := 10000;
    k_candidates constant bigint := 5000;
    v_scope uuid[] := hub.live_scope(p_decision);
    v_closed uuid[] := hub.closed_documents(p_decision, v_scope);
    v_pool integer := greatest(least(p_limit, 500), 100);
    v_chunks double precision;
    v_mean_length double precision;
    v_languages text[];
    v_lexemes text[];
    v_weights double precision[];
    v_selective tsquery;
    v_lexical_ids uuid[] := '{}';
    v_lexical_scores double precision[] := '{}';
    v_dense_ids uuid[] := '{}';
    v_exact boolean;
BEGIN
    IF p_mode NOT IN ('lexical', 'dense', 'hybrid') OR p_limit < 1 THEN
        RAISE EXCEPTION 'search mode or limit is unknown' USING ERRCODE = 'HD003';
    END IF;
    SELECT sum(s.chunks), sum(s.lexemes) / nullif(sum(s.chunks), 0) INTO v_chunks, v_mean_length
      FROM hub.index_sizes s WHERE s.dataset_id = ANY (v_scope);
    IF cardinality(v_closed) > 0 THEN
        -- The counts hold every document of a dataset; those that are closed here are taken out of them again.
        SELECT v_chunks - count(*),
               (v_chunks * v_mean_length - coalesce(sum(c.lexeme_count), 0)) / nullif(v_chunks - count(*), 0)
          INTO v_chunks, v_mean_length
          FROM hub.chunks c WHERE c.live AND c.dataset_id = ANY (v_scope) AND c.document_id = ANY (v_closed);
    END IF;
    IF coalesce(v_chunks, 0) = 0 THEN
        RETURN;
    END IF;

    IF p_mode <> 'dense' THEN
        WITH languages AS (
            SELECT DISTINCT s.language FROM hub.index_sizes s WHERE s.dataset_id = ANY (v_scope) AND s.chunks > 0
        ), asked AS MATERIALIZED ( -- the question is taken apart once a language, not once a word of the index
            SELECT l.language, u.lexeme, '''' || replace(replace(u.lexeme, '\', '\\'), '''', '''''') || '''' AS word
              FROM languages l
              CROSS JOIN LATERAL unnest(to_tsvector(l.language::regconfig, p_question)) u
        ), closed AS MATERIALIZED (
            SELECT c.language, c.lexemes FROM hub.chunks c
             WHERE cardinality(v_closed) > 0 AND c.live AND c.dataset_id = ANY (v_scope)
               AND c.document_id = ANY (v_closed)
        ), terms AS (
            SELECT a.language, a.lexeme, a.word, h.holding
              FROM asked a
              CROSS JOIN LATERAL (
                  SELECT sum(n.chunks)::double precision - (
                             SELECT count(*) FROM closed k
                              WHERE k.language = a.language AND k.lexemes @@ a.word::tsquery) AS holding
                    FROM hub.lexeme_counts n
                   WHERE n.dataset_id = ANY (v_scope) AND n.language = a.language AND n.lexeme = a.lexeme
              ) h
             WHERE h.holding > 0
        ), ordered AS (
            SELECT t.*, sum(t.holding) OVER (ORDER BY t.holding, t.language, t.lexeme) AS candidates,
                   row_number() OVER (ORDER BY t.holding, t.language, t.lexeme) AS place
              FROM terms t
        )
        SELECT array_agg(o.language), array_agg(o.lexeme),
               array_agg(ln(1 + (v_chunks - o.holding + 0.5) / (o.holding + 0.5))),
               string_agg(o.word, ' | ') FILTER (WHERE o.place = 1 OR o.candidates <= k_candidates)::tsquery
          INTO v_languages, v_lexemes, v_weights, v_selective
          FROM ordered o;
        WITH ranked AS (
            SELECT k.id, sum(t.weight * k.often * (k_saturation + 1)
                       / (k.often
                          + k_saturation * (1 - k_length + k_length * k.lexeme_count / v_mean_length))) AS bm25
              FROM (
                  SELECT c.id, c.language, c.lexeme_count, u.lexeme, cardinality(u.positions) AS often
                    FROM hub.chunks c
                    CROSS JOIN LATERAL unnest(c.lexemes) u
                   WHERE c.live AND c.dataset_id = ANY (v_scope)
                     -- The index of words holds everyone's: a small scope is read by its datasets, so that it takes
                     -- no longer beside others. IS TRUE hides the condition from that index.
                     AND CASE WHEN v_chunks <= k_exact_up_to THEN (c.lexemes @@ v_selective) IS TRUE
                              ELSE c.lexemes @@ v_selective END
                     AND (cardinality(v_closed) = 0 OR c.document_id <> ALL (v_closed))
                     AND u.lexeme = ANY (v_lexemes)
                  OFFSET 0 -- a chunk is taken apart once, not once a word of the question
              ) k
              JOIN unnest(v_languages, v_lexemes, v_weights) t (language, lexeme, weight) USING (language, lexeme)
             GROUP BY k.id
             ORDER BY bm25 DESC, k.id
             LIMIT v_pool
        )
        SELECT coalesce(array_agg(r.id), '{}'), coalesce(array_agg(r.bm25), '{}')
          INTO v_lexical_ids, v_lexical_scores FROM ranked r;
    END IF;

    IF p_mode <> 'lexical' THEN
        v_exact := v_chunks <= k_exact_up_to;
        IF NOT v_exact THEN
            PERFORM set_config('hnsw.iterative_scan', 'strict_order', true),
                    set_config('hnsw.ef_search', least(greatest(v_pool, 100), 1000)::text, true);
            SELECT coalesce(array_agg(n.id), '{}') INTO v_dense_ids FROM (
                SELECT c.id FROM hub.chunks c
                 WHERE c.live AND EXISTS (SELECT FROM unnest(v_scope) s WHERE s = c.dataset_id)
                   AND (cardinality(v_closed) = 0 OR c.document_id <> ALL (v_closed))
                 ORDER BY c.embedding <=> p_embedding LIMIT v_pool
            ) n;
            -- The scan gives up after so many rows; where those it may not show lie nearer, that is too early.
            v_exact := cardinality(v_dense_ids) < least(v_pool, v_chunks);
        END IF;
        IF v_exact THEN
            SELECT coalesce(array_agg(n.id), '{}') INTO v_dense_ids FROM (
                SELECT c.id FROM hub.chunks c
                 WHERE c.live AND c.dataset_id = ANY (v_scope)
                   AND (cardinality(v_closed) = 0 OR c.document_id <> ALL (v_closed))
                 ORDER BY (c.embedding <=> p_embedding) + 0, c.id LIMIT v_pool
            ) n;
        END IF;
    END IF;

    RETURN QUERY
    WITH candidates AS (
        SELECT c.id, c.document_id, coalesce(l.bm25, 0) AS lexical, 1 - (c.embedding <=> p_embedding) AS dense
          FROM (SELECT unnest(v_lexical_ids) AS id UNION SELECT unnest(v_dense_ids)) p
          JOIN hub.chunks c USING (id)
          LEFT JOIN unnest(v_lexical_ids, v_lexical_scores) l (id, bm25) USING (id)
    ), scaled AS (
        SELECT k.id, k.document_id, k.lexical, k.dense,
               k.lexical / nullif(max(k.lexical) OVER (), 0) AS lexical_part,
               (k.dense - min(k.dense) OVER ()) / nullif(max(k.dense) OVER () - min(k.dense) OVER (), 0) AS dense_part
          FROM candidates k
    )
    SELECT s.id, s.document_id,
           round(t.total::numeric, 2)::double precision, round(s.dense::numeric, 2)::double precision, s.lexical > 0
      FROM scaled s
      CROSS JOIN LATERAL (
          SELECT CASE p_mode WHEN 'lexical' THEN s.lexical WHEN 'dense' THEN s.dense
                      ELSE (coalesce(s.lexical_part, 0) + coalesce(s.dense_part, 1)) / 2 END AS total
      ) t
     ORDER BY t.total DESC, s.id
     LIMIT least(p_limit, 500);
END
$$;
