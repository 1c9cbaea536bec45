import { verifyMessage } from 'viem';
import { type IssuedBody, type ReceiptBody, receiptHash } from './receipt.ts';
import { receipt3Schema, receiptSchema } from './receipt-schema.ts';
import type { ReceiptStep } from './receipt-step.ts';
import { verifyShares } from './verify-shares.ts';
import { verifyShares1 } from './verify-shares-1.ts';

/**
 * Recomputes what a receipt claims from the receipt alone, in order; runs in a browser. It proves that the gateway signed
 * exactly this, that the fee follows from tokens and price, and that every share follows from the published scores and the
 * certificate's figure. It does not prove scores and certificate themselves (that needs index, adapter and document: `npm run
 * verify`). Never throws for a body of any version: what does not fit its schema is a step that differs, and the last one.
 */
export async function verifyReceipt(
  body: ReceiptBody,
  hash: `0x${string}`,
  signature: `0x${string}`,
): Promise<ReceiptStep[]> {
  const schema = body.version === 1 ? null : checkSchema(body);
  if (schema && !schema.ok) return [schema];
  const recomputed = receiptHash(body);
  const signed = await verifyMessage({
    address: body.gateway as `0x${string}`,
    message: { raw: hash },
    signature,
  }).catch(() => false);
  const splitSum = Object.values(body.split).reduce((a, b) => a + b, 0);
  return [
    ...(schema ? [schema] : []),
    { id: 'hash', name: 'Hash of the canonical receipt', ok: recomputed === hash, detail: recomputed },
    { id: 'signature', name: "Gateway's signature", ok: signed, detail: body.gateway },
    checkFee(body),
    ...(body.version === 1 ? verifyShares1(body.attribution) : verifyShares(body.attribution)),
    { id: 'split', name: 'Revenue split sums to 10,000 bps', ok: splitSum === 10_000, detail: String(splitSum) },
  ];
}

function checkSchema(body: IssuedBody): ReceiptStep {
  const parsed = (body.version === 2 ? receiptSchema : receipt3Schema).safeParse(body);
  const issue = parsed.error?.issues[0];
  const detail = issue ? `${issue.path.join('.')}: ${issue.message}` : 'every field, and no other';
  return { id: 'schema', name: `Fits the published schema, version ${body.version}`, ok: parsed.success, detail };
}

function checkFee({ tokens, price, payer, feeWei }: ReceiptBody): ReceiptStep {
  const mostWei =
    BigInt(tokens.prompt) * BigInt(price.inputWeiPerToken) +
    BigInt(tokens.completion) * BigInt(price.outputWeiPerToken);
  return {
    id: 'fee',
    name: 'Fee follows from tokens and price',
    ok: payer === null ? feeWei === '0' : BigInt(feeWei) <= mostWei,
    detail: payer === null ? 'free answer, 0 wei' : `${mostWei} wei at most, ${feeWei} charged`,
  };
}
