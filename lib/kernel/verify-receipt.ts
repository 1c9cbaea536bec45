import { verifyMessage } from 'viem';
import { PPM, splitByLargestRemainder } from './money.ts';
import { type ReceiptBody, receiptHash } from './receipt.ts';

export type VerificationStep = { name: string; ok: boolean; detail: string };

/**
 * Recomputes what a receipt claims from the receipt alone, in order; runs in a browser. It proves that the gateway signed
 * exactly this, that the fee follows from tokens and price, and that the shares follow from the published scores. It does
 * not prove the scores themselves (that needs the index and the adapter).
 */
export async function verifyReceipt(
  body: ReceiptBody,
  hash: `0x${string}`,
  signature: `0x${string}`,
): Promise<VerificationStep[]> {
  const steps: VerificationStep[] = [];
  const step = (name: string, ok: boolean, detail: string) => steps.push({ name, ok, detail });

  const recomputed = receiptHash(body);
  step('Hash of the canonical receipt', recomputed === hash, recomputed);
  const signed = await verifyMessage({
    address: body.gateway as `0x${string}`,
    message: { raw: hash },
    signature,
  }).catch(() => false);
  step("Gateway's signature", signed, body.gateway);

  const fee =
    BigInt(body.tokens.prompt) * BigInt(body.price.inputWeiPerToken) +
    BigInt(body.tokens.completion) * BigInt(body.price.outputWeiPerToken);
  const feeOk = body.payer === null ? body.feeWei === '0' : BigInt(body.feeWei) <= fee;
  step(
    'Fee follows from tokens and price',
    feeOk,
    body.payer === null ? 'free answer, 0 wei' : `${fee} wei at most, ${body.feeWei} charged`,
  );

  const { attribution } = body;
  const rowsOk = !attribution.confident || rowSharesFollow(attribution);
  step(
    'Row shares follow from scores',
    rowsOk,
    attribution.confident ? `${attribution.rows.length} rows over the cut` : 'no confident source',
  );
  const total = attribution.shares.reduce((sum, share) => sum + share.sharePpm, 0);
  step('Shares sum to 1,000,000 ppm', total === Number(PPM), String(total));
  step(
    'Contributors’ shares are the sums of their rows',
    !attribution.confident || sumsMatch(attribution),
    `${attribution.shares.length} contributors`,
  );
  const splitSum = Object.values(body.split).reduce((a, b) => a + b, 0);
  step('Revenue split sums to 10,000 bps', splitSum === 10_000, String(splitSum));
  return steps;
}

function rowSharesFollow(attribution: ReceiptBody['attribution']): boolean {
  const credits = attribution.rows.map((row) => BigInt(row.score) - BigInt(attribution.cutScore));
  if (credits.length === 0 || credits.some((credit) => credit <= 0n)) return false;
  const expected = splitByLargestRemainder(PPM, credits);
  return attribution.rows.every((row, i) => row.sharePpm === Number(expected[i]!));
}

function sumsMatch(attribution: ReceiptBody['attribution']): boolean {
  const sums = new Map<string, number>();
  for (const row of attribution.rows) sums.set(row.contributor, (sums.get(row.contributor) ?? 0) + row.sharePpm);
  const paid = [...sums.values()].filter((sharePpm) => sharePpm > 0).length;
  return (
    attribution.shares.length === paid &&
    attribution.shares.every((share) => sums.get(share.contributor) === share.sharePpm)
  );
}
