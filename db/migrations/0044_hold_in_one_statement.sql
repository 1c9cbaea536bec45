-- What one payer's channels towards one receiver are worth, newest first: the chain's side from the newest event of each kind
-- (every event carries the running total), the gateway's from its row of `channels`. Read by lib/serving/queries.ts.
CREATE FUNCTION payer_channels(p_payer text, p_receiver text)
RETURNS TABLE (id text, payer text, signer text, delay text, balance text, claimed text, withdrawing text, withdraw_at text,
  charged_wei numeric, reserved_wei numeric, voucher_wei numeric)
LANGUAGE sql STABLE AS $$
  SELECT o.subject, o.args ->> 'payer', o.args ->> 'signer', o.args ->> 'delay',
    (SELECT e.args ->> 'balance' FROM chain_events e WHERE e.contract = 'inferenceChannels' AND e.subject = o.subject
      AND e.name IN ('Deposited', 'Withdrawn', 'Refunded') ORDER BY e.block_number DESC, e.log_index DESC LIMIT 1),
    (SELECT e.args ->> 'claimed' FROM chain_events e WHERE e.contract = 'inferenceChannels' AND e.subject = o.subject
      AND e.name = 'Claimed' ORDER BY e.block_number DESC, e.log_index DESC LIMIT 1),
    -- A Withdrawn event has no withdrawAt: the newest of the two says whether a withdrawal is still under way.
    w.args ->> 'amount', w.args ->> 'withdrawAt',
    c.charged_wei, c.reserved_wei, c.voucher_wei
  FROM chain_events o
  LEFT JOIN channels c ON c.id = o.subject
  LEFT JOIN LATERAL (
    SELECT e.args FROM chain_events e WHERE e.contract = 'inferenceChannels' AND e.subject = o.subject
      AND e.name IN ('WithdrawRequested', 'Withdrawn') ORDER BY e.block_number DESC, e.log_index DESC LIMIT 1) w ON true
  WHERE o.name = 'Opened' AND o.args ->> 'payer' = p_payer AND o.args ->> 'receiver' = p_receiver
  ORDER BY o.block_number DESC, o.log_index DESC LIMIT 50
$$;
--> statement-breakpoint
-- What a key may still spend: its budget less what it spent and what its running answers hold. Takes the key's row lock until
-- the transaction ends, so that parallel requests of a key take turns. 0 for a key that is not there; may be negative.
CREATE FUNCTION api_key_left_wei(p_key text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  v_left numeric;
BEGIN
  SELECT budget_wei - spent_wei INTO v_left FROM api_keys WHERE id = p_key FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  -- A statement of its own: it sees what was committed while the lock was waited for.
  RETURN v_left - (SELECT coalesce(sum(ceiling_wei), 0) FROM inferences WHERE api_key_id = p_key AND status = 'running');
END $$;
--> statement-breakpoint
-- Holds p_ceiling wei on one of the payer's channels (or on p_channel alone): charged and held may exceed neither the deposit nor
-- the newest voucher, and a key's answers not its budget. The payer's rows are locked first, so that requests of one payer take
-- turns. Amounts in the outcome are decimal text. Called by lib/serving/hold-on-channel.ts, which names each refusal.
CREATE FUNCTION hold_on_channel(p_payer text, p_channel text, p_api_key text, p_ceiling numeric, p_receiver text, p_now timestamptz)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  c record;
  v_free numeric;
  v_richest text;
  v_richest_free numeric;
  v_funded text;
  v_funded_voucher numeric;
  v_funded_needed numeric;
  v_chosen text;
  v_left numeric;
BEGIN
  PERFORM 1 FROM channels WHERE payer = p_payer::bpchar ORDER BY id FOR UPDATE;
  FOR c IN
    SELECT id, coalesce(charged_wei, 0) + coalesce(reserved_wei, 0) AS taken, coalesce(voucher_wei, 0) AS voucher,
      coalesce(balance::numeric, 0) - CASE WHEN withdraw_at::numeric > 0 THEN coalesce(withdrawing::numeric, 0) ELSE 0 END AS deposit
    FROM payer_channels(p_payer, p_receiver)
  LOOP
    CONTINUE WHEN p_channel IS NOT NULL AND c.id <> p_channel;
    v_free := greatest(c.deposit - c.taken, 0);
    IF v_richest IS NULL OR v_free > v_richest_free THEN
      v_richest := c.id;
      v_richest_free := v_free;
    END IF;
    CONTINUE WHEN v_free < p_ceiling;
    IF v_funded IS NULL THEN
      v_funded := c.id;
      v_funded_voucher := c.voucher;
      v_funded_needed := c.taken + p_ceiling;
    END IF;
    IF c.voucher >= c.taken + p_ceiling THEN
      v_chosen := c.id;
      EXIT;
    END IF;
  END LOOP;
  IF v_richest IS NULL THEN RETURN jsonb_build_object('outcome', 'no_channel'); END IF;
  IF v_funded IS NULL THEN
    RETURN jsonb_build_object('outcome', 'insufficient_deposit', 'channelId', v_richest, 'freeWei', v_richest_free::text);
  END IF;
  IF v_chosen IS NULL THEN
    RETURN jsonb_build_object('outcome', 'voucher_too_small', 'channelId', v_funded,
      'voucherWei', v_funded_voucher::text, 'neededWei', v_funded_needed::text);
  END IF;
  IF p_api_key IS NOT NULL THEN
    v_left := api_key_left_wei(p_api_key);
    IF v_left < p_ceiling THEN
      RETURN jsonb_build_object('outcome', 'api_key_budget', 'leftWei', greatest(v_left, 0)::text);
    END IF;
  END IF;
  UPDATE channels SET reserved_wei = reserved_wei + p_ceiling, updated_at = p_now WHERE id = v_chosen::bpchar;
  RETURN jsonb_build_object('outcome', 'held', 'channelId', v_chosen);
END $$;
--> statement-breakpoint
-- Starts an answer in one round trip: p_row is its record, p_hold (null: nothing is held) says whose channel and budget pay.
-- A record with the same caller and idempotency key that did not fail is told instead and nothing changes; one that failed is
-- started again under its id. Called by lib/serving/reserve-inference.ts.
CREATE FUNCTION start_inference(p_row jsonb, p_hold jsonb, p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
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
  n.created_at := p_now;
  n.heartbeat_at := p_now;
  IF v_before.id IS NOT NULL THEN
    n.id := v_before.id;
    DELETE FROM inferences WHERE id = v_before.id;
  END IF;
  INSERT INTO inferences SELECT n.* ON CONFLICT (caller_key, idempotency_key) DO NOTHING;
  IF NOT FOUND THEN -- the same key won the race
    UPDATE channels SET reserved_wei = reserved_wei - n.ceiling_wei WHERE id = n.channel_id;
    RETURN jsonb_build_object('outcome', 'before', 'id', null, 'status', 'running');
  END IF;
  RETURN v_held || jsonb_build_object('id', n.id);
END $$;
