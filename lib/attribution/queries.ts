import { eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { inferences, models, receipts } from '#db/schema/models.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';

export type ReceiptView =
  | {
      state: 'attributing';
      inferenceId: string;
      receiptId: string;
      modelSlug: string;
      modelName: string;
      createdAt: Date;
    }
  | {
      state: 'not-attributed';
      inferenceId: string;
      receiptId: string;
      modelSlug: string;
      modelName: string;
      createdAt: Date;
      reason: string;
    }
  | {
      state: 'issued';
      receiptId: string;
      inferenceId: string;
      modelSlug: string;
      modelName: string;
      createdAt: Date;
      body: ReceiptBody;
      hash: `0x${string}`;
      signature: `0x${string}`;
      rewardPeriodId: string | null;
      /** Text of the rows with credit, by id. */
      rows: Record<string, { data: Record<string, string>; datanetSlug: string }>;
    };

/** A receipt, or how far it has come; null when there is no such answer. Index look-ups only. */
export async function findReceipt(db: DatabaseOrTransaction, receiptId: string): Promise<ReceiptView | null> {
  const inferenceId = receiptId.replace(/^rcp_/, 'inf_');
  const [row] = await db
    .select({ inference: inferences, slug: models.slug, name: models.name, receipt: receipts })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .leftJoin(receipts, eq(receipts.inferenceId, inferences.id))
    .where(eq(inferences.id, inferenceId));
  if (!row) return null;
  const base = { inferenceId, receiptId, modelSlug: row.slug, modelName: row.name, createdAt: row.inference.createdAt };
  if (!row.receipt) {
    if (row.inference.attributionStatus === 'queued' || row.inference.status === 'running')
      return { state: 'attributing', ...base };
    return { state: 'not-attributed', reason: row.inference.error ?? 'The answer has no text to attribute.', ...base };
  }
  const body = row.receipt.body as unknown as ReceiptBody;
  const ids = body.attribution.rows.map((credited) => credited.exampleId);
  const found =
    ids.length === 0
      ? []
      : await db
          .select({ id: examples.id, data: examples.data, datanetSlug: datanets.slug })
          .from(examples)
          .innerJoin(datanets, eq(datanets.id, examples.datanetId))
          .where(inArray(examples.id, ids));
  return {
    state: 'issued',
    ...base,
    body,
    hash: row.receipt.hash as `0x${string}`,
    signature: row.receipt.signature as `0x${string}`,
    rewardPeriodId: row.receipt.rewardPeriodId,
    rows: Object.fromEntries(found.map(({ id, ...row }) => [id, row])),
  };
}
