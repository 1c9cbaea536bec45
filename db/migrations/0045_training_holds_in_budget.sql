-- A held training counts in a key's budget like a running answer. Otherwise as in migration 0044.
CREATE OR REPLACE FUNCTION api_key_left_wei(p_key text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  v_left numeric;
BEGIN
  SELECT budget_wei - spent_wei INTO v_left FROM api_keys WHERE id = p_key FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  -- Statements of their own: they see what was committed while the lock was waited for.
  v_left := v_left - (SELECT coalesce(sum(ceiling_wei), 0) FROM inferences WHERE api_key_id = p_key AND status = 'running');
  RETURN v_left - (SELECT coalesce(sum(ceiling_wei), 0) FROM training_bills WHERE api_key_id = p_key AND status = 'held');
END $$;
