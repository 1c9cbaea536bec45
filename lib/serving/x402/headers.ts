import { InvalidPaymentError } from './errors.ts';
import { exactPayloadSchema, type PaymentPayload, voucherPayloadSchema } from './types.ts';

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
  const { payload, accepted } = (json ?? {}) as { payload?: { type?: unknown }; accepted?: { scheme?: unknown } };
  const schema = accepted?.scheme === 'exact' ? exactPayloadSchema : voucherPayloadSchema;
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  if (payload?.type === 'deposit' || payload?.type === 'refund') {
    throw new InvalidPaymentError(`a ${payload.type} is made on chain by its payer; this server takes vouchers`);
  }
  const [issue] = parsed.error.issues;
  throw new InvalidPaymentError(`${issue!.path.join('.')}: ${issue!.message}`);
}
