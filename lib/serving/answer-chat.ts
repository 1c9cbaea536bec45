import { eq } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { RetrievedRow } from '#lib/retrieval/types.ts';
import type { AheadAnswer } from './ahead-answers.ts';
import type { AnswerRequest } from './answer-request.ts';
import { beginAnswer } from './begin-answer.ts';
import { routeToCanary } from './canary/route-to-canary.ts';
import { type CompletedAnswer, completeInference, touchInference } from './complete-inference.ts';
import { assertFreeQuota, giveBackFreeAnswer, takePrivateAnswer } from './free-quota.ts';
import { getAskableModel, needsPass } from './get-askable-model.ts';
import { registerVoucher } from './register-voucher.ts';
import { releaseInference } from './release-inference.ts';
import { reserveInference } from './reserve-inference.ts';
import type { OpenAnswer, ServeDone, ServeToken } from './serve-client.ts';
import type { Caller, ReservedInference, ServableModel } from './types.ts';

export type AnswerEvent =
  | {
      type: 'start';
      inferenceId: string;
      receiptId: string;
      modelSlug: string;
      adapterId: string;
      promptTokens: number;
      ceilingWei: bigint;
      /** Rows that the prompt holds, in its order; null when none were asked for. */
      rowsRead: string[] | null;
    }
  /** `tokens` only when the request asks for logprobs: those whose text this is, one at a time. */
  | { type: 'text'; text: string; tokens?: readonly AnswerToken[] }
  | {
      type: 'done';
      finishReason: 'stop' | 'length' | 'cancelled';
      promptTokens: number;
      completionTokens: number;
      feeWei: bigint;
    };

/** One token with its natural-log probability, null where the server knows none, and the best ones in its place. */
export type AnswerToken = { token: string; logprob: number | null; top: readonly { token: string; logprob: number }[] };

const heartbeatMs = 5_000;

type Reading = {
  signal: AbortSignal;
  settle?: (() => Promise<unknown>) | undefined;
  isVoid: () => boolean;
  withTokens: boolean;
};

/**
 * One paid (or free) answer, from request to charge: voucher → model → rows to read, if asked for → the model begins, and says the
 * prompt's tokens → price ceiling held while it reads them → stream → charged. No token leaves before the hold is made.
 * The generator must be run to its end or returned: either charges what was generated or gives the hold back. A caller who
 * goes away (`signal`) is charged for the tokens that were generated until then, so reading half an answer is not free.
 *
 * Its first event comes with the first token: until then every failure, back-pressure of the serve process included, is
 * thrown with the hold and the free answer given back, and nothing charged.
 */
export async function* answerChat(
  deps: Deps,
  asker: Caller,
  input: {
    request: AnswerRequest;
    idempotencyKey: string;
    /** This answer, begun before it was known who asks. */
    ahead?: AheadAnswer | null;
    signal: AbortSignal;
    /** True once nothing of this answer counts, because another one of the same request was refused: then it is free. */
    isVoid?: () => boolean;
    /** Takes the money when the answer is written; if it throws, or nobody waits any more, nothing is charged. */
    settle?: () => Promise<unknown>;
  },
): AsyncGenerator<AnswerEvent> {
  const { request, signal, settle, isVoid = () => false } = input;
  const { messages, voucher, isPlain, sampling, task } = request;
  if (voucher && asker.kind !== 'free') await registerVoucher(deps, { kind: 'account', address: asker.payer }, voucher);
  const viewer = viewerOf(asker);
  const sent = { callerKey: asker.callerKey, idempotencyKey: input.idempotencyKey };
  const asked = await getAskableModel(deps, request.model, viewer, sent);
  const pass = needsPass(asked, viewer) ? { familyId: asked.familyId, account: viewer, slug: asked.slug } : null;
  const model = await routeToCanary(deps.db, asked, input.idempotencyKey);
  const caller = model.isPrivate ? ownerOf(asker) : asker;
  const countedAt = deps.now();
  if (caller.kind === 'free' && !model.isPrivate) await assertFreeQuota(deps, caller);
  let given = false;
  let answer: OpenAnswer | null = null;
  try {
    const begun = await beginAnswer(deps, { model, caller, request, signal, ahead: input.ahead });
    answer = begun.answer;
    if (model.isPrivate) await takePrivateAnswer(deps, model.owner);
    const { promptIds, maxTokens, retrieved } = begun;
    const extras = { ...(isPlain && { plain: true }), ...(task && { task }) };
    const params = { ...sampling, seed: sampling.seed ?? null, maxTokens, ...extras };
    const { idempotencyKey } = input;
    const asks = { model, messages, promptIds, maxTokens, params, retrieved, pass, idempotencyKey };
    const reserved = await reserveInference(deps, caller, asks);
    if ('completedInferenceId' in reserved) {
      given = true;
      yield* replayAnswer(deps, reserved.completedInferenceId, model);
      return;
    }
    const withTokens = sampling.topLogprobs !== undefined;
    yield* readAndCharge(deps, reserved, answer.events, { signal, settle, isVoid, withTokens });
    given = !isVoid();
  } catch (error) {
    if (answer || !signal.aborted) throw error;
    // Who asked went away before the model began: nothing was held.
  } finally {
    answer?.cancel();
    if (!given && caller.kind === 'free' && !model.isPrivate) await giveBackFreeAnswer(deps, caller, countedAt);
  }
}

/** The account whose private models this caller may ask. A payment alone proves nothing about who asks. */
function viewerOf(caller: Caller): string | null {
  if (caller.kind === 'free') return caller.callerKey.startsWith('0x') ? caller.callerKey : null;
  return caller.kind === 'session' || caller.kind === 'api-key' ? caller.payer : null;
}

/** Nothing is held or charged for a model of one's own that is not on the market. */
function ownerOf(caller: Caller): Caller {
  const { callerKey } = caller;
  return { kind: 'free', callerKey, ...('apiKeyId' in caller && { apiKeyId: caller.apiKeyId }) };
}

async function* readAndCharge(
  deps: Deps,
  reserved: ReservedInference,
  events: AsyncIterable<ServeToken | ServeDone>,
  { signal, settle, isVoid, withTokens }: Reading,
): AsyncGenerator<AnswerEvent> {
  const heartbeat = setInterval(() => void touchInference(deps, reserved.inferenceId).catch(() => {}), heartbeatMs);
  const { promptIds } = reserved;
  const answer: CompletedAnswer = { output: '', finishReason: 'cancelled', promptIds, completionIds: [] };
  let [failed, hasBegun]: [unknown, boolean] = [null, false];
  let isPaid = settle === undefined;
  let charged: { feeWei: bigint } | null = null;
  try {
    for await (const event of events) {
      if (!hasBegun) yield startOf(reserved);
      hasBegun = true;
      if (event.type === 'done') {
        answer.finishReason = event.finishReason;
        answer.completionIds = event.completionIds;
        continue;
      }
      answer.completionIds.push(event.tokenId);
      answer.output += event.text;
      const tokens = withTokens ? { tokens: [answerToken(event)] } : {};
      if (event.text || 'tokens' in tokens) yield { type: 'text', text: event.text, ...tokens };
    }
    if (settle && !signal.aborted && answer.completionIds.length > 0) {
      await settle();
      isPaid = true;
    }
  } catch (error) {
    failed = error;
  } finally {
    // Also reached when the consumer returns the generator because its client went away.
    clearInterval(heartbeat);
    if (isVoid() || !isPaid || (failed && !signal.aborted))
      await releaseInference(deps, reserved.inferenceId, String(failed ?? 'not paid'));
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

function startOf({ inferenceId, model, promptIds, ceilingWei, retrieved }: ReservedInference): AnswerEvent {
  return {
    type: 'start',
    inferenceId,
    receiptId: derivedId('receipt', inferenceId),
    modelSlug: model.slug,
    adapterId: model.adapterId,
    promptTokens: promptIds.length,
    ceilingWei,
    rowsRead: idsOf(retrieved),
  };
}

function idsOf(retrieved: RetrievedRow[] | null): string[] | null {
  return retrieved?.map(({ exampleId }) => exampleId) ?? null;
}

function answerToken({ token, text, logprob, topLogprobs }: ServeToken): AnswerToken {
  const top = (topLogprobs ?? []).map((entry) => ({ token: entry.text, logprob: entry.logprob }));
  return { token: token ?? text, logprob, top };
}

/** The same idempotency key again: the stored answer, no new charge. */
async function* replayAnswer(
  deps: Pick<Deps, 'db'>,
  inferenceId: string,
  model: Pick<ServableModel, 'slug' | 'adapterId'>,
): AsyncGenerator<AnswerEvent> {
  const [row] = await deps.db.select().from(inferences).where(eq(inferences.id, inferenceId));
  if (!row) return;
  yield {
    type: 'start',
    inferenceId,
    receiptId: derivedId('receipt', inferenceId),
    modelSlug: model.slug,
    adapterId: model.adapterId,
    promptTokens: row.promptIds?.length ?? 0,
    ceilingWei: row.ceilingWei,
    rowsRead: idsOf(row.retrieved),
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
