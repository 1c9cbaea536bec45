import { z } from 'zod';

const text = (pattern: RegExp, means: string) => z.string().regex(pattern).describe(means);
const hash = text(/^0x[0-9a-f]{64}$/, '256-bit hash');
const bps = z.number().int().min(0).max(10_000);
const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)]).describe('Ethereum address, lower-case');

/**
 * The receipt of a bought access pass, version 1, as the gateway signs it: EIP-191 over the SHA-256 of the canonical JSON, like an
 * answer's receipt, and a leaf of the same tree. It is divided as an answer's price, so that selling passes in place of answers takes
 * nothing from the people of the data and from the model's bases. It names no answer, so the data part is shared by the people of the
 * version's rows, each row the same. What is asked with the pass pays its own price, by receipts of its own.
 */
export const passReceiptSchema = z.strictObject({
  kind: z.literal('pass'),
  version: z.literal(1),
  id: text(/^rps_/, 'id of the receipt'),
  passId: text(/^mp_/, 'id of the pass'),
  issuedAt: z.iso.datetime(),
  gateway: address.describe('Who signs'),
  payer: address.describe('Who holds the pass'),
  channelId: hash.describe('the payment channel that was charged'),
  model: z
    .strictObject({ id: z.string(), name: z.string(), owner: address })
    .describe(
      'The version that answered to the name when the pass was bought, and the name, whose versions the pass is for',
    ),
  datanet: z
    .strictObject({ id: z.string(), versionId: z.string(), number: z.number().int().min(0), root: hash })
    .describe('What that version learnt from'),
  terms: z.union([
    z.strictObject({ days: z.number().int().positive(), until: z.iso.datetime() }),
    z.strictObject({ answers: z.number().int().positive() }),
  ]),
  feeWei: text(/^[1-9]\d*$/, 'price of the pass, integer > 0 as decimal text'),
  split: z
    .strictObject({ data: bps, model: bps, app: bps, infra: bps, validators: bps })
    .describe('bps of what is left after the protocol fee: the model’s own'),
});
export type PassReceipt = z.infer<typeof passReceiptSchema>;
