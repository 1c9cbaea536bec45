import { z } from 'zod';

const text = (pattern: RegExp, means: string) => z.string().regex(pattern).describe(means);
const address = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)]).describe('Ethereum address, lower-case');
const hash = text(/^0x[0-9a-f]{64}$/, '256-bit hash');
const amount = text(/^(0|[1-9]\d*)$/, 'integer ≥ 0 as decimal text');
const count = z.number().int().min(0);
const bps = z.number().int().min(0).max(10_000);

/**
 * The receipt of a paid training, version 1, as the gateway signs it: EIP-191 over the SHA-256 of the canonical JSON, like an
 * answer's receipt, and a leaf of the same tree. It names no answer and no model: its data part is shared by the people of the
 * version's rows, each row the same.
 */
const trainingReceipt1Schema = z.strictObject({
  kind: z.literal('training'),
  version: z.literal(1),
  id: text(/^rct_/, 'id of the receipt'),
  billId: text(/^tb_/, 'id of the bill'),
  runId: text(/^run_/, 'id of the training run'),
  issuedAt: z.iso.datetime(),
  gateway: address.describe('Who trained and signs'),
  payer: address,
  channelId: hash,
  baseModel: z.string(),
  datanet: z.strictObject({ id: z.string(), versionId: z.string(), number: count, root: hash }),
  outcome: z.enum(['succeeded', 'stopped', 'cancelled', 'failed']),
  tokens: z
    .strictObject({ trained: count, free: count })
    .describe("Trained and not billed before; free of them, out of the day's allowance"),
  price: z.strictObject({ weiPerThousandTokens: amount }),
  feeWei: amount.describe('(trained - free) x weiPerThousandTokens / 1000, rounded down, at most what was held'),
  split: z
    .strictObject({ data: bps, model: bps, app: bps, infra: bps, validators: bps })
    .describe('bps of what is left after the protocol fee; infra is who trained'),
});

/** Version 2: version 1 of a piece of a long training, which went on; `running` is the one outcome that version 1 does not know. */
const trainingReceipt2Schema = trainingReceipt1Schema.extend({
  version: z.literal(2),
  outcome: z.literal('running').describe('A piece of a training that goes on'),
});

/** The receipt of a paid training, or of a piece of one, of any version. */
export const trainingReceiptSchema = z.discriminatedUnion('version', [trainingReceipt1Schema, trainingReceipt2Schema]);
export type TrainingReceipt = z.infer<typeof trainingReceiptSchema>;
