import { sha256, toHex } from 'viem';
import type { z } from 'zod';
import { canonicalJson, type Json } from './canonical-json.ts';
import { documentHash } from './document-hash.ts';
import type { receipt3Schema, receiptSchema } from './receipt-schema.ts';

/** The record of one answer as the gateway signs it now. */
export type ReceiptBody2 = z.infer<typeof receiptSchema>;
/** The same for an answer that was asked for within a task. */
export type ReceiptBody3 = z.infer<typeof receipt3Schema>;
export type IssuedBody = ReceiptBody2 | ReceiptBody3;

/**
 * As receipts were before: everything was paid by name, to contributors alone, and by equal share of all rows where no row
 * stood out. Nothing issues these any more; they stay readable, verifiable and payable.
 */
export type ReceiptBody1 = Omit<ReceiptBody2, 'version' | 'attribution'> & {
  version: 1;
  attribution: {
    method: string;
    indexSha256: string;
    queryCodesHash: string;
    confident: boolean;
    cutScore: string;
    rows: { exampleId: string; contributor: string; score: string; sharePpm: number }[];
    shares: { contributor: string; sharePpm: number }[];
    spans?: { indexSha256: string; count: number; hash: string };
  };
};
export type ReceiptBody = ReceiptBody1 | IssuedBody;

/** SHA-256 over the receipt's canonical JSON; what the gateway signs (EIP-191) and the leaf of the receipts tree. */
export function receiptHash(body: ReceiptBody): `0x${string}` {
  return documentHash(body);
}

/** Salted hash of the conversation, as in `requestHash`. */
export function requestHash(salt: `0x${string}`, messages: { role: string; content: string }[]): `0x${string}` {
  return sha256(`${salt}${toHex(canonicalJson(messages)).slice(2)}`);
}

/** Salted hash of the answer, as in `outputHash`. */
export function outputHash(salt: `0x${string}`, output: string): `0x${string}` {
  return sha256(`${salt}${toHex(output).slice(2)}`);
}

/** Salted hash of an answer's verbatim matches, as in `attribution.spans.hash`. */
export function spansHash(salt: `0x${string}`, spans: Json): `0x${string}` {
  return sha256(`${salt}${toHex(canonicalJson(spans)).slice(2)}`);
}
