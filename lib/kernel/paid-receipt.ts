import { bytesToHex, type Hex, stringToBytes } from 'viem';
import { canonicalJson, type Json } from './canonical-json.ts';
import type { ReceiptBody } from './receipt.ts';

/** What `IdentityRegistry.giveFeedback` takes as evidence; positions count bytes of `body`. */
export type PaidReceipt = {
  epoch: number;
  feeWei: bigint;
  body: Hex;
  payerAt: bigint;
  gatewayAt: bigint;
  proof: readonly Hex[];
};

/**
 * The evidence that the caller paid for an answer: the receipt's canonical JSON, where it names payer and gateway, and the
 * proof that its leaf stands in an epoch (`receiptProof` in epoch-root.ts). The contract reads both addresses itself.
 *
 * @throws RangeError for a receipt without payer (a free answer)
 */
export function toPaidReceipt(evidence: { receipt: ReceiptBody; epoch: number; proof: readonly Hex[] }): PaidReceipt {
  const { receipt, epoch, proof } = evidence;
  if (receipt.payer === null) throw new RangeError('a free answer names no payer');
  const text = canonicalJson(receipt as unknown as Json);
  const positionOf = (key: string) => BigInt(stringToBytes(text.slice(0, text.indexOf(`,"${key}":"0x`))).length);
  return {
    epoch,
    feeWei: BigInt(receipt.feeWei),
    body: bytesToHex(stringToBytes(text)),
    payerAt: positionOf('payer'),
    gatewayAt: positionOf('gateway'),
    proof,
  };
}
