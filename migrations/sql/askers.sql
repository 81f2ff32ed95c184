-- Who asks for more of a dataset of the current steward's organisation: the name that stands beside an open question.
CREATE OR REPLACE FUNCTION hub.askers() RETURNS TABLE (step_up_id uuid, person text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = hub, pg_temp
AS $$
    SELECT s.id, p.name
      FROM hub.step_ups s
      JOIN hub.people p ON p.id = s.person_id
      JOIN hub.datasets d ON d.id = s.dataset_id
     WHERE s.decided_at IS NULL AND d.owner_id = hub.subject_organisation()
$$;
