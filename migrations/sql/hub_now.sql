-- The hub's time: the database clock, ahead by what only the owner can set (tests step it forward, never back).
CREATE OR REPLACE FUNCTION hub.hub_now() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT clock_timestamp() + (SELECT c.ahead FROM hub.clock c)
$$;
