import { InvalidPaymentError } from './errors.ts';
import { type PaymentPayload, paymentPayloadSchema } from './types.ts';

/** Names of x402 over HTTP (specs/transports-v2/http.md); values are base64 of JSON. */
export const x402Headers = {
  required: 'payment-required',
  signature: 'payment-signature',
  response: 'payment-response',
} as const;

export function encodeHeader(value: unknown): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))));
}

/** Throws a SyntaxError or DOMException when it is no base64 of JSON. */
export function decodeHeader(text: string): unknown {
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))));
}

/** The payment that a request brings, or null. Throws InvalidPaymentError that says what is wrong. */
export function readPayment(headers: Headers): PaymentPayload | null {
  const text = headers.get(x402Headers.signature);
  if (text === null) return null;
  let json: unknown;
  try {
    json = decodeHeader(text);
  } catch {
    throw new InvalidPaymentError('the header is not base64 of JSON');
  }
  const parsed = paymentPayloadSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const type = (json as { payload?: { type?: unknown } } | null)?.payload?.type;
  if (type === 'deposit' || type === 'refund') {
    throw new InvalidPaymentError(`a ${type} is made on chain by its payer; this server takes vouchers`);
  }
  const [issue] = parsed.error.issues;
  throw new InvalidPaymentError(`${issue!.path.join('.')}: ${issue!.message}`);
}
