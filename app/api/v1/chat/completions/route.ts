import { randomUUID } from 'node:crypto';
import { defineRoute, type RouteContext } from '#app/_server/define-route.ts';
import { jsonResponse } from '#app/_server/json-response.ts';
import { toBaseError } from '#app/_server/to-base-error.ts';
import { answerChat } from '#lib/serving/answer-chat.ts';
import { resolveCaller } from '#lib/serving/resolve-caller.ts';
import { chatCompletionSchema } from '#lib/serving/schema.ts';
import { readPayment } from '#lib/serving/x402/headers.ts';
import { type Accepted, acceptPayment, askForPayment, paymentResponse } from './_payment.ts';
import { streamCompletion } from './_stream-completion.ts';
import { wholeCompletion } from './_whole-completion.ts';

export const maxDuration = 300;

/**
 * OpenAI's chat completions, streamed or whole. `Idempotency-Key` makes a repeated request return the first answer
 * uncharged (without logprobs, which are not stored). What is to be paid and is not answers 402 with x402's `PAYMENT-REQUIRED`;
 * `PAYMENT-SIGNATURE` pays for one answer, with no account (lib/serving/x402). The answer carries `openledger: { inference_id, receipt_id, fee_wei, ceiling_wei }` beside OpenAI's fields.
 */
export const POST = defineRoute({
  input: chatCompletionSchema,
  auth: 'visitor',
  limit: { name: 'chat', max: 120, windowSeconds: 60 },
  maxBytes: 256_000,
  run: async (context) => {
    const { deps, actor, input, request, apiKey, callerKey } = context;
    const payment = readPayment(request.headers);
    try {
      if (payment) return await answer(context, await acceptPayment(deps, payment, input));
      const caller = await resolveCaller(deps, { actor, apiKeyId: apiKey?.id ?? null, callerKey });
      return await answer(context, { caller });
    } catch (error) {
      const { category } = toBaseError(error);
      if (category !== 'payment-required') throw error;
      return askForPayment(deps, { error, request, answer: input, payment, requestId: context.requestId });
    }
  },
});

async function answer(
  { deps, input, request, requestId }: RouteContext<typeof chatCompletionSchema, 'visitor'>,
  { caller, ...accepted }: Accepted,
): Promise<Response> {
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
  const events = answerChat(deps, caller, { request: input, idempotencyKey, signal: gone.signal, settle });
  // The first event comes with the first token: every refusal until then, also 503 with Retry-After when too many wait,
  // is an ordinary HTTP error.
  const first = await events.next();
  if (gone.signal.aborted) return closedByClient(events);
  if (first.done || first.value.type !== 'start') throw new Error('an answer starts with a start event');
  if (!input.stream) {
    const whole = await wholeCompletion(events, first.value);
    return jsonResponse(whole, {
      headers: paymentResponse(deps, caller, { chargedWei: whole.openledger.fee_wei, transaction }),
    });
  }
  const response = streamCompletion(events, first.value, {
    requestId,
    includeUsage: input.stream_options?.include_usage ?? false,
    onCancel: () => gone.abort(),
  });
  for (const [name, value] of Object.entries(paymentResponse(deps, caller))) response.headers.set(name, value);
  return response;
}

/** Nobody reads the answer: what was generated is charged, the rest of the hold given back. */
async function closedByClient(events: AsyncGenerator<unknown>): Promise<Response> {
  for await (const _event of events);
  return new Response(null, { status: 499 });
}
