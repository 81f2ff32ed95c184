-- What a passage costs: its own characters, and those of the heading it is shown under. A heading has a place of its
-- own beyond the text's (from 2^40 up, told by its words), so it is charged once and free when it comes again.
CREATE OR REPLACE FUNCTION hub.passage_spans(p_start integer, p_end integer, p_heading text) RETURNS int8multirange
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path = hub, pg_temp
AS $$
    SELECT int8multirange(int8range(p_start, p_end)) + CASE WHEN p_heading = '' THEN '{}' ELSE
           int8multirange(int8range(h.at, h.at + char_length(p_heading))) END
      FROM (SELECT (1::bigint << 40) + (hashtextextended(p_heading, 0) & ((1::bigint << 40) - 1)) * 1024 AS at) h
$$;
