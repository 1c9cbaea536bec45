import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import type { InferenceStatus } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import type { RetrievedRow } from '#lib/retrieval/types.ts';
import { IdempotencyMismatchError, InferenceInProgressError } from './errors.ts';
import { passRequired } from './get-askable-model.ts';
import { type HoldOutcome, heldChannel, holdOf } from './hold-on-channel.ts';
import { answerFeeWei } from './rules.ts';
import type { ChatMessage } from './schema.ts';
import type { Caller, ReservedInference, ServableModel } from './types.ts';
import { PaymentTooSmallError } from './x402/errors.ts';

export type ReserveInput = {
  model: ServableModel;
  messages: ChatMessage[];
  promptIds: number[];
  maxTokens: number;
  params: Record<string, unknown>;
  idempotencyKey: string;
  /** Rows that stand in the prompt, in its order; null when the caller did not ask for any. */
  retrieved?: RetrievedRow[] | null;
  /** Whose pass for which model's name an answer is taken of; null: none is needed. Who has no account has none. */
  pass?: { familyId: string; account: string | null; slug: string } | null;
};
export type CompletedBefore = { completedInferenceId: string };

type StoredRequest = { modelId: string; messages: ChatMessage[]; params: Record<string, unknown> };
/** What the database's `start_inference` says (migration 0052). */
type Started =
  | (HoldOutcome & { id: string })
  | { outcome: 'pass_required' }
  | ({ outcome: 'before'; id: string; status: InferenceStatus } & StoredRequest)
  /** The same key won the race. */
  | { outcome: 'before'; id: null; status: 'running' };

/**
 * Starts an answer: inserts the inference, holds its price ceiling on the payer's channel and takes an answer of the pass that it needs,
 * in one statement. A free
 * caller holds nothing, and neither does one whose transfer is sent when the answer is written. A completed inference with the
 * same key is returned instead, so a repeated request is not charged twice; a failed one is started again. Cost: one round trip,
 * one row lock on the channel, index look-ups, independent of history.
 *
 * Throws NoChannelError, InsufficientDepositError, VoucherTooSmallError (each names the shortfall), ApiKeyBudgetError,
 * InferenceInProgressError, IdempotencyMismatchError, PassRequiredError (another request took the pass's last answer).
 */
export async function reserveInference(
  deps: Pick<Deps, 'db' | 'deployment' | 'now' | 'randomBytes'>,
  caller: Caller,
  input: ReserveInput,
): Promise<ReservedInference | CompletedBefore> {
  const ceilingWei = caller.kind === 'free' ? 0n : answerFeeWei(input.model, input.promptIds.length, input.maxTokens);
  if (caller.kind === 'exact' && caller.amountWei < ceilingWei)
    throw new PaymentTooSmallError(caller.amountWei, ceilingWei);
  const holds = caller.kind !== 'free' && caller.kind !== 'exact';
  const hold = holds ? JSON.stringify(holdOf(caller, deps.deployment.addresses.revenueRouter)) : null;
  const row = JSON.stringify(rowOf(deps, caller, input, ceilingWei));
  const pass = input.pass
    ? JSON.stringify({ ...input.pass, account: input.pass.account?.toLowerCase() ?? null })
    : null;
  const { rows } = await deps.db.execute<{ started: Started }>(sql`
    select start_inference(${row}::jsonb, ${hold}::jsonb, ${pass}::jsonb, ${deps.now().toISOString()}::timestamptz) as started`);
  const started = rows[0]!.started;
  if (started.outcome === 'before') {
    if (started.id !== null && !isSameRequest(started, input)) throw new IdempotencyMismatchError();
    if (started.status === 'completed') return { completedInferenceId: started.id };
    throw new InferenceInProgressError();
  }
  if (started.outcome === 'pass_required') throw await passRequired(deps.db, input.pass!);
  heldChannel(started, ceilingWei);
  return {
    inferenceId: started.id,
    model: input.model,
    messages: input.messages,
    retrieved: input.retrieved ?? null,
    promptIds: input.promptIds,
    maxTokens: input.maxTokens,
    ceilingWei,
  };
}

/** The record as `inferences` has it; its channel and times are the database's to fill. */
function rowOf(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  caller: Caller,
  input: ReserveInput,
  ceilingWei: bigint,
): Record<string, unknown> {
  return {
    id: newId(deps, 'inference'),
    caller_key: caller.callerKey,
    idempotency_key: input.idempotencyKey,
    model_id: input.model.id,
    payer: caller.kind === 'free' ? null : caller.payer.toLowerCase(),
    api_key_id: 'apiKeyId' in caller ? (caller.apiKeyId ?? null) : null,
    status: 'running',
    messages: input.messages,
    params: input.params,
    retrieved: input.retrieved ?? null,
    ceiling_wei: ceilingWei.toString(),
    fee_wei: '0',
    salt: `0x${Buffer.from(deps.randomBytes(32)).toString('hex')}`,
    attribution_status: 'none',
  };
}

/** Compared as stored: JSON has no undefined. */
function isSameRequest(before: StoredRequest, { model, messages, params }: ReserveInput): boolean {
  const asked = JSON.parse(JSON.stringify({ messages, params })) as Pick<StoredRequest, 'messages' | 'params'>;
  return before.modelId === model.id && isDeepStrictEqual({ messages: before.messages, params: before.params }, asked);
}
