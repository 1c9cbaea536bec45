import { errorResponse } from '#app/_server/error-response.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { AnswerRequest } from '#lib/serving/answer-request.ts';
import { quoteAnswer } from '#lib/serving/quote-answer.ts';
import type { Caller } from '#lib/serving/types.ts';
import { acceptTransfer } from '#lib/serving/x402/accept-transfer.ts';
import { acceptVoucher } from '#lib/serving/x402/accept-voucher.ts';
import { InvalidPaymentError } from '#lib/serving/x402/errors.ts';
import { findPaidChannel } from '#lib/serving/x402/find-paid-channel.ts';
import { encodeHeader, x402Headers } from '#lib/serving/x402/headers.ts';
import { paymentRequired } from '#lib/serving/x402/payment-required.ts';
import { findTokenDomain } from '#lib/serving/x402/token-domain.ts';
import type { ExactPayload, PaymentPayload, PaymentResponse, VoucherPayload } from '#lib/serving/x402/types.ts';

/** The 402 of an answer that is not paid for: our error as the body, and x402's header that says how to pay. */
export async function askForPayment(
  deps: Deps,
  input: {
    error: unknown;
    request: Request;
    answers: readonly AnswerRequest[];
    payment: PaymentPayload | null;
    requestId: string;
    /** The account that asks, for what it alone, or with a pass, may ask. */
    viewer: string | null;
  },
): Promise<Response> {
  const { answers, payment, request, viewer } = input;
  const quotes = await Promise.all(answers.map((answer) => quoteAnswer(deps, { ...answer, viewer })));
  const ceilingWei = quotes.reduce((sum, quote) => sum + quote.ceilingWei, 0n);
  const channel =
    payment && 'voucher' in payment.payload ? await findPaidChannel(deps, payment.payload.voucher.channelId) : null;
  const response = errorResponse(input.error, input.requestId);
  const required = paymentRequired(deps, {
    url: new URL(new URL(request.url).pathname, deps.env.APP_URL).href,
    ceilingWei,
    error: payment ? 'the payment does not cover this answer' : 'PAYMENT-SIGNATURE header is required',
    channel,
    token: await findTokenDomain(deps),
  });
  response.headers.set(x402Headers.required, encodeHeader(required));
  return response;
}

/** What a request's payment allows: who pays, and how the money is taken when it is not by a voucher. */
export type Accepted = { caller: Caller; idempotencyKey?: string; settle?: () => Promise<`0x${string}`> };

/** Throws InvalidPaymentError, InvalidVoucherError, UsedVoucherError. */
export async function acceptPayment(
  deps: Deps,
  payment: PaymentPayload,
  { stream, answers }: { stream: boolean; answers: readonly AnswerRequest[] },
): Promise<Accepted> {
  if (answers.length > 1) throw new InvalidPaymentError('a payment pays for one answer; ask with n: 1');
  if ('voucher' in payment.payload) return { caller: await acceptVoucher(deps, payment as VoucherPayload) };
  if (stream) throw new InvalidPaymentError('a transfer pays for a whole answer; ask without stream');
  return acceptTransfer(deps, payment as ExactPayload, answers[0]!.messages);
}

/** Header of an answer that was paid by x402; a streamed one is sent before its charge is known, which then is in its last chunk. */
export function paymentResponse(
  deps: Deps,
  caller: Caller,
  paid: { chargedWei?: string; transaction?: `0x${string}` } = {},
): Record<string, string> {
  if (caller.kind !== 'voucher' && caller.kind !== 'exact') return {};
  const { chargedWei, transaction = '' } = paid;
  const common = { success: true as const, network: `eip155:${deps.deployment.chainId}`, payer: caller.payer };
  const response: PaymentResponse =
    caller.kind === 'exact'
      ? { ...common, transaction, amount: caller.amountWei.toString() }
      : {
          ...{ ...common, transaction: '', amount: '' },
          extra: { channelId: caller.channelId, ...(chargedWei !== undefined && { chargedAmount: chargedWei }) },
        };
  return { [x402Headers.response]: encodeHeader(response) };
}
