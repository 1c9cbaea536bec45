import { isDeepStrictEqual } from 'node:util';
import { and, eq } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import type { RetrievedRow } from '#lib/retrieval/types.ts';
import { IdempotencyMismatchError, InferenceInProgressError } from './errors.ts';
import { holdOnChannel } from './hold-on-channel.ts';
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
};
export type CompletedBefore = { completedInferenceId: string };

/**
 * Starts an answer: inserts the inference and holds its price ceiling on the payer's channel, in one transaction. A free
 * caller holds nothing, and neither does one whose transfer is sent when the answer is written. A completed inference with the same key is returned instead, so a repeated request is not charged
 * twice; a failed one is started again. Cost: one row lock on the channel, index look-ups, independent of history.
 *
 * Throws NoChannelError, InsufficientDepositError, VoucherTooSmallError (each names the shortfall), ApiKeyBudgetError,
 * InferenceInProgressError, IdempotencyMismatchError.
 */
export async function reserveInference(
  deps: Pick<Deps, 'db' | 'deployment' | 'now' | 'randomBytes'>,
  caller: Caller,
  input: ReserveInput,
): Promise<ReservedInference | CompletedBefore> {
  const now = deps.now();
  const ceilingWei = caller.kind === 'free' ? 0n : answerFeeWei(input.model, input.promptIds.length, input.maxTokens);
  if (caller.kind === 'exact' && caller.amountWei < ceilingWei)
    throw new PaymentTooSmallError(caller.amountWei, ceilingWei);
  return deps.db.transaction(async (tx) => {
    const [before] = await tx
      .select({
        ...{ id: inferences.id, status: inferences.status, modelId: inferences.modelId },
        ...{ messages: inferences.messages, params: inferences.params },
      })
      .from(inferences)
      .where(and(eq(inferences.callerKey, caller.callerKey), eq(inferences.idempotencyKey, input.idempotencyKey)))
      .for('update');
    if (before && before.status !== 'failed' && !isSameRequest(before, input)) throw new IdempotencyMismatchError();
    if (before?.status === 'completed') return { completedInferenceId: before.id };
    if (before?.status === 'running') throw new InferenceInProgressError();

    const channelId =
      caller.kind === 'free' || caller.kind === 'exact'
        ? null
        : await holdOnChannel(tx, caller, ceilingWei, deps.deployment.addresses.revenueRouter, now);
    const values = {
      modelId: input.model.id,
      payer: caller.kind === 'free' ? null : caller.payer,
      channelId,
      apiKeyId: 'apiKeyId' in caller ? (caller.apiKeyId ?? null) : null,
      status: 'running' as const,
      messages: input.messages,
      params: input.params,
      retrieved: input.retrieved ?? null,
      ceilingWei,
      feeWei: 0n,
      salt: `0x${Buffer.from(deps.randomBytes(32)).toString('hex')}`,
      error: null,
      attributionStatus: 'none' as const,
      heartbeatAt: now,
      createdAt: now,
    };
    const id = before?.id ?? newId(deps, 'inference');
    if (before) {
      await tx.update(inferences).set(values).where(eq(inferences.id, id));
    } else {
      const inserted = await tx
        .insert(inferences)
        .values({ id, callerKey: caller.callerKey, idempotencyKey: input.idempotencyKey, ...values })
        .onConflictDoNothing()
        .returning({ id: inferences.id });
      if (inserted.length === 0) throw new InferenceInProgressError(); // the same key won the race
    }
    return {
      inferenceId: id,
      model: input.model,
      messages: input.messages,
      retrieved: input.retrieved ?? null,
      promptIds: input.promptIds,
      maxTokens: input.maxTokens,
      ceilingWei,
    };
  });
}

type StoredRequest = { modelId: string; messages: ChatMessage[]; params: Record<string, unknown> };

/** Compared as stored: JSON has no undefined. */
function isSameRequest(before: StoredRequest, { model, messages, params }: ReserveInput): boolean {
  const asked = JSON.parse(JSON.stringify({ messages, params })) as Pick<StoredRequest, 'messages' | 'params'>;
  return before.modelId === model.id && isDeepStrictEqual({ messages: before.messages, params: before.params }, asked);
}
