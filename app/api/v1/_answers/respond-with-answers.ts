import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { bearerOf, type RouteContext } from '#app/_server/define-route.ts';
import { jsonResponse } from '#app/_server/json-response.ts';
import { toBaseError } from '#app/_server/to-base-error.ts';
import { viewerOf } from '#app/_server/viewer-of.ts';
import { type AheadAnswer, AheadAnswers } from '#lib/serving/ahead-answers.ts';
import type { AnswerRequest } from '#lib/serving/answer-request.ts';
import { type OpenAnswers, openAnswers } from '#lib/serving/open-answers.ts';
import { resolveCaller } from '#lib/serving/resolve-caller.ts';
import { queueCaller } from '#lib/serving/serve-request.ts';
import type { Caller } from '#lib/serving/types.ts';
import { readPayment } from '#lib/serving/x402/headers.ts';
import { getOpenTask } from '#lib/tasks/get-open-task.ts';
import { taskHeader } from '#lib/tasks/task-header.ts';
import type { AnswerShape } from './answer-shape.ts';
import { type AttributionLevel, attributionOf } from './attribution.ts';
import { type Accepted, acceptPayment, askForPayment, paymentResponse } from './payment.ts';
import { streamAnswers } from './stream-answers.ts';
import { wholeAnswers } from './whole-answers.ts';

type Context = Pick<
  RouteContext<z.ZodType, 'visitor'>,
  'deps' | 'actor' | 'request' | 'requestId' | 'apiKey' | 'callerKey'
> & { ahead: AheadAnswer | null };
type Wanted = {
  requests: readonly AnswerRequest[];
  shape: AnswerShape;
  stream: boolean;
  includeUsage: boolean;
  attribution: AttributionLevel;
};

/** Of this process. */
export const aheadAnswers = new AheadAnswers(() => performance.now());

/**
 * Answers as one of OpenAI's calls words them, streamed or whole. `Idempotency-Key` makes a repeated request return the first
 * answer uncharged (without logprobs, which are not stored). What is to be paid and is not answers 402 with x402's
 * `PAYMENT-REQUIRED`; `PAYMENT-SIGNATURE` pays for one answer, with no account (lib/serving/x402). `X-OpenLedger-Task` makes it a
 * call of an app's task (lib/tasks).
 */
export async function respondWithAnswers(context: Context, wanted: Wanted): Promise<Response> {
  const { deps, actor, request, apiKey, callerKey, requestId } = context;
  const { requests: answers, stream } = wanted;
  const payment = readPayment(request.headers);
  try {
    if (payment) return await answer(context, wanted, await acceptPayment(deps, payment, { stream, answers }));
    const caller = await resolveCaller(deps, { actor, apiKeyId: apiKey?.id ?? null, callerKey });
    return await answer(context, wanted, { caller });
  } catch (error) {
    const { category } = toBaseError(error);
    if (category !== 'payment-required') throw error;
    return askForPayment(deps, { error, request, answers, payment, requestId, viewer: viewerOf(actor) });
  }
}

async function answer(
  { deps, request, requestId, apiKey, ahead }: Context,
  wanted: Wanted,
  { caller, ...accepted }: Accepted,
): Promise<Response> {
  const task = await taskOf(deps, request.headers, caller);
  const idempotencyKey =
    accepted.idempotencyKey ?? (request.headers.get('idempotency-key')?.slice(0, 120) || randomUUID());
  const gone = new AbortController();
  request.signal.addEventListener('abort', () => gone.abort());
  let transaction: `0x${string}` | undefined;
  const settle =
    accepted.settle &&
    (async () => {
      transaction = await accepted.settle?.();
    });
  const { shape, attribution: level } = wanted;
  const requests = task ? wanted.requests.map((one) => ({ ...one, task })) : wanted.requests;
  // The first events come with the first tokens: every refusal until then, also 503 with Retry-After when too many wait,
  // is an ordinary HTTP error.
  const answers = await openAnswers(deps, caller, { requests, idempotencyKey, signal: gone.signal, settle, ahead });
  if (gone.signal.aborted) return closedByClient(answers);
  const key = apiKey && bearerOf(request.headers);
  if (key) {
    const [{ adapterId }, { model }] = [answers.starts[0]!, requests[0]!];
    aheadAnswers.remember(key, { model, adapterId, queueCaller: queueCaller(deps, caller) });
  }
  const attribution =
    level === 'none' ? null : () => attributionOf(deps, { level, starts: answers.starts, signal: gone.signal });
  if (!wanted.stream) {
    const whole = await wholeAnswers(answers, shape);
    const openledger = { ...whole.openledger, ...(attribution && { attribution: await attribution() }) };
    const paid = { chargedWei: whole.openledger.fee_wei, transaction };
    return jsonResponse({ ...whole, openledger }, { headers: paymentResponse(deps, caller, paid) });
  }
  const onCancel = () => gone.abort();
  const response = streamAnswers(answers, shape, {
    requestId,
    includeUsage: wanted.includeUsage,
    onCancel,
    attribution,
  });
  for (const [name, value] of Object.entries(paymentResponse(deps, caller))) response.headers.set(name, value);
  return response;
}

/** The open task of the caller's own that the request names, if it names one. */
async function taskOf({ db, now }: Context['deps'], headers: Headers, caller: Caller): Promise<string | null> {
  const id = headers.get(taskHeader);
  if (id === null) return null;
  const account = 'payer' in caller ? caller.payer : caller.callerKey;
  return (await getOpenTask(db, { id, account, now: now() })).id;
}

/** Nobody reads the answer: what was generated is charged, the rest of the hold given back. */
async function closedByClient({ events }: OpenAnswers): Promise<Response> {
  for await (const _event of events);
  return new Response(null, { status: 499 });
}
