import { eq } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { type CompletedAnswer, completeInference, touchInference } from './complete-inference.ts';
import { ModelNotFoundError } from './errors.ts';
import { assertFreeQuota } from './free-quota.ts';
import { findServableModel } from './queries.ts';
import { registerVoucher } from './register-voucher.ts';
import { releaseInference } from './release-inference.ts';
import { reserveInference } from './reserve-inference.ts';
import type { ChatCompletionInput } from './schema.ts';
import { type ServeRequest, streamAnswer, tokenizePrompt } from './serve-client.ts';
import type { Caller, ReservedInference } from './types.ts';

export type AnswerEvent =
  | {
      type: 'start';
      inferenceId: string;
      receiptId: string;
      modelSlug: string;
      promptTokens: number;
      ceilingWei: bigint;
    }
  | { type: 'text'; text: string }
  | {
      type: 'done';
      finishReason: 'stop' | 'length' | 'cancelled';
      promptTokens: number;
      completionTokens: number;
      feeWei: bigint;
    };

const defaultMaxTokens = 120;
const heartbeatMs = 5_000;

/**
 * One paid (or free) answer, from request to charge: voucher → model → tokens → price ceiling held → stream → charged.
 * The generator must be run to its end or returned: either charges what was generated or gives the hold back. A caller who
 * goes away (`signal`) is charged for the tokens that were generated until then, so reading half an answer is not free.
 */
export async function* answerChat(
  deps: Deps,
  caller: Caller,
  input: { request: ChatCompletionInput; idempotencyKey: string; signal: AbortSignal },
): AsyncGenerator<AnswerEvent> {
  const { request, signal } = input;
  if (request.voucher && caller.kind !== 'free')
    await registerVoucher(deps, { kind: 'account', address: caller.payer }, request.voucher);
  const model = await findServableModel(deps.db, request.model);
  if (!model) throw new ModelNotFoundError(request.model);
  const { promptIds, contextTokens } = await tokenizePrompt(deps, model.adapterId, request.messages);
  const promptTokens = promptIds.length;
  const wanted = request.max_completion_tokens ?? request.max_tokens ?? defaultMaxTokens;
  const maxTokens = Math.min(wanted, contextTokens - promptTokens);
  if (caller.kind === 'free') await assertFreeQuota(deps, caller);
  const params = { temperature: request.temperature, topP: request.top_p, seed: request.seed ?? null, maxTokens };
  const reserved = await reserveInference(deps, caller, {
    model,
    messages: request.messages,
    promptIds,
    maxTokens,
    params,
    idempotencyKey: input.idempotencyKey,
  });
  if ('completedInferenceId' in reserved) {
    yield* replayAnswer(deps, reserved.completedInferenceId, model.slug);
    return;
  }
  yield {
    type: 'start',
    inferenceId: reserved.inferenceId,
    receiptId: derivedId('receipt', reserved.inferenceId),
    modelSlug: model.slug,
    promptTokens,
    ceilingWei: reserved.ceilingWei,
  };
  yield* generateAndCharge(deps, reserved, request, signal);
}

async function* generateAndCharge(
  deps: Deps,
  reserved: ReservedInference,
  request: ChatCompletionInput,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent> {
  const heartbeat = setInterval(() => void touchInference(deps, reserved.inferenceId).catch(() => {}), heartbeatMs);
  const answer: CompletedAnswer = {
    output: '',
    finishReason: 'cancelled',
    promptIds: reserved.promptIds,
    completionIds: [],
  };
  let failed: unknown = null;
  let charged: { feeWei: bigint } | null = null;
  try {
    for await (const event of streamAnswer(deps, serveRequestOf(reserved, request), signal)) {
      if (event.type === 'token') {
        answer.completionIds.push(event.tokenId);
        answer.output += event.text;
        if (event.text) yield { type: 'text', text: event.text };
      } else {
        answer.finishReason = event.finishReason;
        answer.completionIds = event.completionIds;
      }
    }
  } catch (error) {
    failed = error;
  } finally {
    // Also reached when the consumer returns the generator because its client went away.
    clearInterval(heartbeat);
    if (failed && !signal.aborted) await releaseInference(deps, reserved.inferenceId, String(failed));
    else charged = await completeInference(deps, reserved, answer);
  }
  if (failed && !signal.aborted) throw failed;
  yield {
    type: 'done',
    finishReason: answer.finishReason,
    promptTokens: answer.promptIds.length,
    completionTokens: answer.completionIds.length,
    feeWei: charged?.feeWei ?? 0n,
  };
}

function serveRequestOf(reserved: ReservedInference, request: ChatCompletionInput): ServeRequest {
  const stop = typeof request.stop === 'string' ? [request.stop] : request.stop;
  return {
    adapterId: reserved.model.adapterId,
    messages: reserved.messages,
    maxTokens: reserved.maxTokens,
    temperature: request.temperature,
    topP: request.top_p,
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(stop ? { stop } : {}),
  };
}

/** The same idempotency key again: the stored answer, no new charge. */
async function* replayAnswer(
  deps: Pick<Deps, 'db'>,
  inferenceId: string,
  modelSlug: string,
): AsyncGenerator<AnswerEvent> {
  const [row] = await deps.db.select().from(inferences).where(eq(inferences.id, inferenceId));
  if (!row) return;
  yield {
    type: 'start',
    inferenceId,
    receiptId: derivedId('receipt', inferenceId),
    modelSlug,
    promptTokens: row.promptIds?.length ?? 0,
    ceilingWei: row.ceilingWei,
  };
  if (row.output) yield { type: 'text', text: row.output };
  yield {
    type: 'done',
    finishReason: (row.finishReason ?? 'stop') as 'stop' | 'length' | 'cancelled',
    promptTokens: row.promptIds?.length ?? 0,
    completionTokens: row.completionIds?.length ?? 0,
    feeWei: row.feeWei,
  };
}
