import { and, desc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { adapterCopies, attributionSpans, inferences, models, receipts } from '#db/schema/models.ts';
import { publicText } from '#lib/access/queries.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import type { ReceiptRow, RowCopies, RowMatch } from './types.ts';

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
      /** Rows with credit, rows that the answer read and rows that match text, by id. */
      rows: Record<string, ReceiptRow>;
      /** Most matches first. */
      matches: RowMatch[];
      /** By the id of the original, which has credit. */
      copies: Record<string, RowCopies>;
    };

/** A receipt, or how far it has come; null when there is no such answer. Index look-ups only. */
export async function findReceipt(db: DatabaseOrTransaction, receiptId: string): Promise<ReceiptView | null> {
  const inferenceId = receiptId.replace(/^rcp_/, 'inf_');
  const [row] = await db
    .select({
      inference: inferences,
      slug: models.slug,
      name: models.name,
      adapterId: models.adapterId,
      receipt: receipts,
    })
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
  const credited = body.attribution.rows.map((credit) => credit.exampleId);
  const read = body.version === 1 ? [] : (body.attribution.retrieval?.rows ?? []).map((row) => row.exampleId);
  const matches = await listMatches(db, inferenceId);
  return {
    state: 'issued',
    ...base,
    body,
    hash: row.receipt.hash as `0x${string}`,
    signature: row.receipt.signature as `0x${string}`,
    rewardPeriodId: row.receipt.rewardPeriodId,
    rows: await findRows(db, [...credited, ...read, ...matches.map(({ exampleId }) => exampleId)]),
    matches,
    copies: await findCopiesOf(db, row.adapterId, credited),
  };
}

async function findRows(db: DatabaseOrTransaction, ids: string[]): Promise<Record<string, ReceiptRow>> {
  if (ids.length === 0) return {};
  const found = await db
    .select({ id: examples.id, data: publicText(sql`${examples}`), datanetSlug: datanets.slug })
    .from(examples)
    .innerJoin(datanets, eq(datanets.id, examples.datanetId))
    .where(inArray(examples.id, ids));
  return Object.fromEntries(found.map(({ id, data, datanetSlug }) => [id, { data, datanetSlug }]));
}

async function listMatches(db: DatabaseOrTransaction, inferenceId: string): Promise<RowMatch[]> {
  const named = db
    .select({ exampleId: sql<string>`jsonb_array_elements_text(${attributionSpans.exampleIds})`.as('example_id') })
    .from(attributionSpans)
    .where(eq(attributionSpans.inferenceId, inferenceId))
    .as('named');
  const spans = sql<number>`count(*)::int`;
  return db
    .select({ exampleId: examples.id, contributor: examples.contributor, spans })
    .from(named)
    .innerJoin(examples, eq(examples.id, named.exampleId))
    .groupBy(examples.id)
    .orderBy(desc(spans), examples.id);
}

async function findCopiesOf(
  db: DatabaseOrTransaction,
  adapterId: string,
  originals: string[],
): Promise<Record<string, RowCopies>> {
  if (originals.length === 0) return {};
  const inCluster = sql`over (partition by ${adapterCopies.copyOf}`;
  const ranked = db
    .select({
      exampleId: examples.id,
      contributor: examples.contributor,
      copyOf: adapterCopies.copyOf,
      total: sql<number>`(count(*) ${inCluster}))::int`.as('total'),
      place: sql<number>`row_number() ${inCluster} order by ${examples.id})`.as('place'),
    })
    .from(adapterCopies)
    .innerJoin(examples, eq(examples.id, adapterCopies.exampleId))
    .where(and(eq(adapterCopies.adapterId, adapterId), inArray(adapterCopies.copyOf, originals)))
    .as('ranked');
  const copies: Record<string, RowCopies> = {};
  for (const copy of await db.select().from(ranked).where(lte(ranked.place, 3)).orderBy(ranked.exampleId)) {
    const { copyOf, total, exampleId, contributor } = copy;
    copies[copyOf] ??= { total, first: [] };
    copies[copyOf].first.push({ exampleId, contributor });
  }
  return copies;
}
