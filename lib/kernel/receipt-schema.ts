import { z } from 'zod';
import { receiptFields } from './receipt-fields.ts';
import { lineageRoles } from './role-shares.ts';

const { text, address, hash, amount, taskId } = receiptFields;
const digest = text(/^[0-9a-f]{64}$/, 'SHA-256');
const score = text(/^(0|-?[1-9]\d*)$/, 'integer as decimal text; influence, nats x 2^32');
const count = z.number().int().min(0);
const ppm = z.number().int().min(0).max(1_000_000);
const bps = z.number().int().min(0).max(10_000);

const roleShare = z.strictObject({ role: z.enum(lineageRoles), account: address, sharePpm: ppm });
const creditedRow = z.strictObject({
  exampleId: z.string(),
  score,
  sharePpm: ppm,
  roles: z
    .array(roleShare)
    .min(1)
    .describe("The row's lineage, oldest act first, with each act's part of the row's share"),
});

const retrieval = z.strictObject({
  method: z.string(),
  template: z.string().describe('How the rows stand in the prompt'),
  rows: z
    .array(
      z.strictObject({
        exampleId: z.string(),
        chars: count.describe("UTF-16 units of the row's text that were read"),
        sharePpm: ppm,
        roles: z.array(roleShare).min(1),
      }),
    )
    .describe("In the prompt's order; row i is bit i of an index into microNats"),
  microNats: z
    .array(z.number().int())
    .describe('log p(answer | prompt with exactly those rows), for all subsets of rows'),
  baseMicroNats: z.number().int().describe('The same of the bare base model without rows'),
  sharePpm: ppm,
});

const attribution = z.strictObject({
  method: z.string().describe('Names method and version; a receipt is recomputed by the same'),
  indexSha256: digest.describe('SHA-256 of the attribution index'),
  indexRows: count,
  queryCodesHash: digest.describe(
    "SHA-256 of the answer's quantised gradient: int8 codes, then the scale as uint32 LE",
  ),
  certificate: z.strictObject({
    sha256: hash.nullable(),
    status: z.enum(['pending', 'certified', 'refused', 'suspended']),
    alphaPpm: ppm.describe("Lower 95 % bound of the adapter's linear datamodeling score; 0 unless certified"),
  }),
  basis: z
    .enum(['influence', 'flat'])
    .describe('flat: no valid certificate, so nothing is paid by estimated influence'),
  sigma: amount.describe('Noise of the scores: 1.4826 x median absolute deviation, rounded down'),
  cutScore: amount.describe(
    'A row counts above it: 3 sigma; where a row exceeds that, by method 9 and later (floor(log2(indexRows)) - 3) / 4 sigma, at least 1 and at most 3; by methods 6 to 8 floor(log2(indexRows)) / 4 sigma, at least 1.75 and at most 3',
  ),
  positiveSum: amount.describe('Sum of max(0, score) over all rows of the index'),
  explainedPpm: ppm.describe('What is paid by estimated influence'),
  rows: z.array(creditedRow).describe('Every row above the cut, by id'),
  shares: z
    .array(z.strictObject({ account: address, sharePpm: ppm.min(1), sigmas: count }))
    .describe('Who is paid by name, by account; sigmas: largest score / sigma of their rows, thousandths'),
  commonPpm: ppm.describe("The common pool's; shares + commonPpm = 1,000,000"),
  retrieval: retrieval.optional(),
  spans: z
    .strictObject({ indexSha256: z.string(), count, hash })
    .optional()
    .describe(
      'Verbatim matches, no part of the shares; hash: SHA-256(salt || canonical JSON of the spans), which quote the answer',
    ),
});

/**
 * A receipt, version 2: the record of one answer that the gateway signs. Published as JSON Schema at
 * /schemas/receipt-2.json. Prompt and answer stand in it only as salted hashes: the payer, who has the salt, can prove them;
 * nobody else can read them.
 */
export const receiptSchema = z.strictObject({
  version: z.literal(2),
  id: text(/^rcp_/, 'id of the receipt'),
  inferenceId: text(/^inf_/, 'id of the answer'),
  issuedAt: z.iso.datetime(),
  gateway: address.describe('Who signs: EIP-191 over the SHA-256 of the canonical JSON'),
  payer: address.nullable().describe('null: a free answer'),
  channelId: hash.nullable(),
  requestHash: hash.describe('SHA-256(salt || canonical JSON of the messages)'),
  outputHash: hash.describe('SHA-256(salt || UTF-8 of the answer)'),
  model: z.strictObject({ id: z.string(), versionHash: hash, adapterSha256: hash, baseModel: z.string() }),
  datanet: z.strictObject({ id: z.string(), versionId: z.string(), number: count, root: hash }),
  tokens: z.strictObject({ prompt: count, completion: count }),
  price: z.strictObject({ inputWeiPerToken: amount, outputWeiPerToken: amount }),
  feeWei: amount,
  split: z
    .strictObject({ data: bps, model: bps, app: bps, infra: bps, validators: bps })
    .describe('bps of what is left after the protocol fee; shares divide the data part'),
  attribution,
});

/** For whom an answer was asked: the opening of a task (task/task-schema.ts), which its app signed before it called. */
const task = z.strictObject({
  id: taskId,
  hash: hash.describe("Hash of the task's opening"),
  app: address.describe("Who opened it; gets the app's part of the split"),
});

/** Version 3: version 2 of an answer that an app or agent asked for within a task. At /schemas/receipt-3.json. */
export const receipt3Schema = receiptSchema.extend({ version: z.literal(3), task });
