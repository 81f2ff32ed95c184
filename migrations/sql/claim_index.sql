-- Names the embedding model whose vectors the caller's transaction adds to the index: the first one is kept, and
-- replaced only while nothing is live. Returns the model in force; the caller compares and rolls back.
-- The row stays locked until the caller commits: nobody replaces the model beside a publication under way.
CREATE OR REPLACE FUNCTION hub.claim_index(p_name text, p_revision text, p_dimensions integer)
    RETURNS TABLE (name text, revision text, dimensions integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_asked record := (p_name, p_revision, p_dimensions);
    v_model hub.index_models%ROWTYPE;
BEGIN
    INSERT INTO hub.index_models (id, name, revision, dimensions) VALUES (1, p_name, p_revision, p_dimensions)
    ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT v_model FROM hub.index_models;
    IF v_asked = (v_model.name, v_model.revision, v_model.dimensions) THEN
        SELECT * INTO STRICT v_model FROM hub.index_models FOR SHARE;
    ELSE
        -- Waits for the publications under way, so that the look at what is live sees theirs.
        SELECT * INTO STRICT v_model FROM hub.index_models FOR UPDATE;
    END IF;
    IF v_asked <> (v_model.name, v_model.revision, v_model.dimensions)
       AND NOT EXISTS (SELECT FROM hub.index_sizes s WHERE s.chunks > 0) THEN
        UPDATE hub.index_models SET name = p_name, revision = p_revision, dimensions = p_dimensions,
               set_at = hub.hub_now()
        RETURNING * INTO STRICT v_model;
    END IF;
    RETURN QUERY SELECT v_model.name, v_model.revision, v_model.dimensions;
END
$$;
