import { z } from 'zod';
import type { ReceiptBody, ReceiptBody1 } from '../receipt.ts';
import { receipt3Schema, receiptSchema } from '../receipt-schema.ts';

const share = z.number().int().min(0).max(1_000_000);
const integer = z.string().regex(/^-?\d+$/);

/** Receipts of version 1, which nothing issues any more; only what verifying them needs is checked. */
const receipt1Schema = receiptSchema.omit({ version: true, attribution: true }).extend({
  version: z.literal(1),
  attribution: z.strictObject({
    method: z.string(),
    indexSha256: z.string(),
    queryCodesHash: z.string(),
    confident: z.boolean(),
    cutScore: integer,
    rows: z.array(z.strictObject({ exampleId: z.string(), contributor: z.string(), score: integer, sharePpm: share })),
    shares: z.array(z.strictObject({ contributor: z.string(), sharePpm: share })),
    spans: z.strictObject({ indexSha256: z.string(), count: z.number().int(), hash: z.string() }).optional(),
  }),
});

const schemas = { 1: receipt1Schema, 2: receiptSchema, 3: receipt3Schema };

/** Any JSON as a receipt of a known version: the body, or the first thing that is wrong with it. */
export function parseReceipt(value: unknown): { body: ReceiptBody; problem: null } | { body: null; problem: string } {
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== 1 && version !== 2 && version !== 3)
    return { body: null, problem: `version ${String(version)} is not known` };
  const parsed = schemas[version].safeParse(value);
  if (parsed.success) return { body: parsed.data as ReceiptBody1 | ReceiptBody, problem: null };
  const issue = parsed.error.issues[0]!;
  return { body: null, problem: `${issue.path.join('.') || 'the receipt'}: ${issue.message}` };
}
