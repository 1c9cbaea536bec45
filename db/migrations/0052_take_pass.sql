-- Who may ask a model: access passes (lib/passes). They belong to a model's name, so to the first of its versions.
CREATE FUNCTION family_of(p_model text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT family_id FROM model_versions WHERE model_id = p_model), p_model)
$$;
--> statement-breakpoint
-- 'everybody' or 'holders' (of a pass): what its owner said last.
CREATE FUNCTION model_access(p_model text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT access FROM pass_offers WHERE family_id = family_of(p_model) ORDER BY id DESC LIMIT 1), 'everybody')
$$;
--> statement-breakpoint
-- The pass that the account's next answer goes by: one by time first, since it costs no answer, and of those the one that ends last;
-- then the oldest with answers left. Null where there is none.
CREATE FUNCTION usable_pass(p_family text, p_account text, p_now timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT id FROM model_passes WHERE holder = p_account::bpchar AND family_id = p_family AND revoked_at IS NULL
    AND (until > p_now OR answers_left > 0) ORDER BY until DESC NULLS LAST, id LIMIT 1
$$;
--> statement-breakpoint
-- For lists: whether the account (null: a visitor) would be let ask.
CREATE FUNCTION may_ask(p_model text, p_account text, p_now timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT model_access(p_model) = 'everybody' OR EXISTS (SELECT 1 FROM models WHERE id = p_model AND owner = p_account::bpchar)
    OR usable_pass(family_of(p_model), p_account, p_now) IS NOT NULL
$$;
--> statement-breakpoint
-- Takes an answer off the account's pass and returns its id; null, and nothing is taken, where there is none. Of a pass by number
-- that others are taking from, who comes after them sees what they left.
CREATE FUNCTION take_pass(p_family text, p_account text, p_now timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_id text;
BEGIN
  SELECT id INTO v_id FROM model_passes WHERE holder = p_account::bpchar AND family_id = p_family AND revoked_at IS NULL
    AND until > p_now ORDER BY until DESC LIMIT 1;
  IF FOUND THEN RETURN v_id; END IF;
  UPDATE model_passes SET answers_left = answers_left - 1 WHERE id = (
    SELECT id FROM model_passes WHERE holder = p_account::bpchar AND family_id = p_family AND revoked_at IS NULL
      AND answers_left > 0 ORDER BY id LIMIT 1 FOR UPDATE)
    RETURNING id INTO v_id;
  RETURN v_id;
END $$;
--> statement-breakpoint
-- An answer that was not given is no answer of its pass. To be called once an answer, in the transaction that ends it.
CREATE FUNCTION give_back_pass(p_pass text) RETURNS void LANGUAGE sql AS $$
  UPDATE model_passes SET answers_left = answers_left + 1 WHERE id = p_pass AND answers_left IS NOT NULL
$$;
--> statement-breakpoint
DROP FUNCTION start_inference(jsonb, jsonb, timestamptz);
--> statement-breakpoint
-- Starts an answer in one round trip, as in migration 0044; p_pass (null: none is needed) says of which model and whose pass an answer
-- is taken, in the same transaction as the hold: last, so that locks are taken in the order of who ends an answer.
CREATE FUNCTION start_inference(p_row jsonb, p_hold jsonb, p_pass jsonb, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  n inferences := jsonb_populate_record(NULL::inferences, p_row);
  v_before record;
  v_held jsonb := '{"outcome": "held", "channelId": null}';
BEGIN
  -- The commit need not wait for the disk: what is charged later is behind it in the same log, so a hold that a crash of the
  -- database took along was never charged.
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT id, status, model_id, messages, params INTO v_before FROM inferences
    WHERE caller_key = n.caller_key AND idempotency_key = n.idempotency_key FOR UPDATE;
  IF FOUND AND v_before.status <> 'failed' THEN
    RETURN jsonb_build_object('outcome', 'before', 'id', v_before.id, 'status', v_before.status,
      'modelId', v_before.model_id, 'messages', v_before.messages, 'params', v_before.params);
  END IF;
  IF p_hold IS NOT NULL THEN
    v_held := hold_on_channel(p_hold ->> 'payer', p_hold ->> 'channelId', p_hold ->> 'apiKeyId', n.ceiling_wei,
      p_hold ->> 'receiver', p_now);
    IF v_held ->> 'outcome' <> 'held' THEN RETURN v_held; END IF;
  END IF;
  n.channel_id := v_held ->> 'channelId';
  IF p_pass IS NOT NULL THEN
    n.pass_id := take_pass(p_pass ->> 'familyId', p_pass ->> 'account', p_now);
    IF n.pass_id IS NULL THEN
      UPDATE channels SET reserved_wei = reserved_wei - n.ceiling_wei WHERE id = n.channel_id;
      RETURN jsonb_build_object('outcome', 'pass_required');
    END IF;
  END IF;
  n.created_at := p_now;
  n.heartbeat_at := p_now;
  IF v_before.id IS NOT NULL THEN
    n.id := v_before.id;
    DELETE FROM inferences WHERE id = v_before.id;
  END IF;
  INSERT INTO inferences SELECT n.* ON CONFLICT (caller_key, idempotency_key) DO NOTHING;
  IF NOT FOUND THEN -- the same key won the race
    UPDATE channels SET reserved_wei = reserved_wei - n.ceiling_wei WHERE id = n.channel_id;
    PERFORM give_back_pass(n.pass_id);
    RETURN jsonb_build_object('outcome', 'before', 'id', null, 'status', 'running');
  END IF;
  RETURN v_held || jsonb_build_object('id', n.id);
END $$;
