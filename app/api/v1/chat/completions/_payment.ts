import { errorResponse } from '#app/_server/error-response.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { defaultMaxTokens } from '#lib/serving/answer-chat.ts';
import { quoteAnswer } from '#lib/serving/quote-answer.ts';
import type { ChatCompletionInput } from '#lib/serving/schema.ts';
import type { Caller } from '#lib/serving/types.ts';
import { findPaidChannel } from '#lib/serving/x402/find-paid-channel.ts';
import { encodeHeader, x402Headers } from '#lib/serving/x402/headers.ts';
import { paymentRequired } from '#lib/serving/x402/payment-required.ts';
import type { PaymentPayload, PaymentResponse } from '#lib/serving/x402/types.ts';

/** The 402 of an answer that is not paid for: our error as the body, and x402's header that says how to pay. */
export async function askForPayment(
  deps: Deps,
  input: {
    error: unknown;
    request: Request;
    answer: ChatCompletionInput;
    payment: PaymentPayload | null;
    requestId: string;
  },
): Promise<Response> {
  const { answer, payment, request } = input;
  const maxTokens = answer.max_completion_tokens ?? answer.max_tokens ?? defaultMaxTokens;
  const { model, messages, retrieval } = answer;
  const { ceilingWei } = await quoteAnswer(deps, { model, messages, maxTokens, retrieval });
  const channel = payment ? await findPaidChannel(deps, payment.payload.voucher.channelId) : null;
  const response = errorResponse(input.error, input.requestId);
  const required = paymentRequired(deps, {
    url: new URL(new URL(request.url).pathname, deps.env.APP_URL).href,
    ceilingWei,
    error: payment ? 'the voucher does not cover this answer' : 'PAYMENT-SIGNATURE header is required',
    channel,
  });
  response.headers.set(x402Headers.required, encodeHeader(required));
  return response;
}

/** Header of an answer that a voucher paid; a streamed one is sent before its charge is known, which then is in its last chunk. */
export function paymentResponse(deps: Deps, caller: Caller, chargedWei?: string): Record<string, string> {
  if (caller.kind !== 'voucher') return {};
  const response: PaymentResponse = {
    ...{
      success: true,
      transaction: '',
      network: `eip155:${deps.deployment.chainId}`,
      payer: caller.payer,
      amount: '',
    },
    extra: { channelId: caller.channelId, ...(chargedWei !== undefined && { chargedAmount: chargedWei }) },
  };
  return { [x402Headers.response]: encodeHeader(response) };
}
