import { sha256, stringToBytes } from 'viem';
import { z } from 'zod';
import { canonicalJson, type Json } from './canonical-json.ts';

const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const seconds = z.number().int().min(0);

/**
 * What the server signs when it has destroyed a row's text: what is gone, what proves the versions still, which models learnt from the row
 * and are not changed by it, and what no server can take back. Times in seconds since 1970.
 */
export const erasureReceiptSchema = z.strictObject({
  version: z.literal('openledger-erasure/1'),
  exampleId: z.string(),
  datanet: z.strictObject({ id: z.string(), slug: z.string() }),
  contributor: z.string(),
  requestedAt: seconds,
  erasedAt: seconds,
  /** Frozen versions that held the row. Their roots stand: leaf `leafIndex` is over `leafHash`, and its line has no text any more. */
  versions: z.array(
    z.strictObject({
      number: z.number().int(),
      root: hash,
      leafIndex: z.number().int(),
      leafHash: hash,
      /** False in versions from before there were salts: who guesses the whole text can compare its hash. */
      isSalted: z.boolean(),
      /** SHA-256 of the rows file before, destroyed, and after. */
      rowsBefore: hash,
      rowsAfter: hash,
    }),
  ),
  destroyed: z.array(
    z.enum(['text', 'text-hash', 'salt', 'row-key', 'scorecard', 'exports', 'match-index', 'samples']),
  ),
  /** Trained on a version with the row. Their weights are as before: only training them again without the row changes that. */
  models: z.array(z.strictObject({ adapterId: z.string(), adapterSha256: hash, slugs: z.array(z.string()) })),
  /** Answers whose prompt quoted the row; their payers' records keep its tokens. */
  quotedInAnswers: z.number().int(),
  /** What stays, in words. */
  remains: z.array(z.string()),
});
export type ErasureReceipt = z.infer<typeof erasureReceiptSchema>;
export type SignedErasureReceipt = { receipt: ErasureReceipt; hash: `0x${string}`; signature: `0x${string}` };

/** SHA-256 over the receipt's canonical JSON; what the gateway signs (EIP-191), as it signs receipts of answers. */
export function erasureReceiptHash(receipt: ErasureReceipt): `0x${string}` {
  return sha256(stringToBytes(canonicalJson(receipt as unknown as Json)));
}
