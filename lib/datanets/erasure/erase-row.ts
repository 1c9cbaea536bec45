import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { sealedRows } from '#db/schema/access.ts';
import { datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { erasures } from '#db/schema/erasure.ts';
import { adapters, inferences, models, trainingRuns } from '#db/schema/models.ts';
import { type ErasureReceipt, erasureReceiptHash, erasureReceiptSchema } from '#lib/kernel/erasure-receipt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { eraseStoredText } from './erase-stored-text.ts';
import { eraseVersionRow } from './erase-version-row.ts';

type EraseDeps = Pick<Deps, 'db' | 'store' | 'operator' | 'now' | 'randomBytes'>;
/** Name of the verbatim matches' index among an adapter's files: it holds the tokens of all rows. */
const matchIndex = 'spans.index';

/** What no server can take back; part of every receipt, in words. */
const remains = [
  'Copies that somebody downloaded or read before, and backups until they are overwritten.',
  'Weights of models that learnt from the row, and directions in their attribution index, until they are trained again.',
  'In the chain: the versions’ roots, over the salted hash of the text.',
  'On this server: who contributed the row and when, and its salted hash, so that the same words do not come back under another name.',
  'Rows that others made from it by cleaning, correcting or translating, under the Datanet’s licence.',
  'Comments of other people, and records of answers that quoted the row, for who paid for them.',
  'Workers’ disks keep a model’s files until they make room.',
];

/**
 * Destroys a withdrawn row's text wherever this server has it and signs what it did. Runs as a job; may be killed and run again at any
 * point, since what was done to each version is written down before the next. Cost: a pass over the Datanet's version files.
 *
 * @param dropExport removes a version's Parquet files (lib/dataset-viewer), which are made again without the row
 */
export async function eraseRow(
  deps: EraseDeps,
  { exampleId, dropExport }: { exampleId: string; dropExport: (versionId: string) => Promise<void> },
): Promise<'erased' | 'skipped'> {
  const { db } = deps;
  const [erasure] = await db.select().from(erasures).where(eq(erasures.exampleId, exampleId));
  if (!erasure || erasure.erasedAt) return 'skipped';
  const wasSealed = (await db.$count(sealedRows, eq(sealedRows.exampleId, exampleId))) > 0;
  await db.transaction(async (tx) => {
    const [example] = await tx.select().from(examples).where(eq(examples.id, exampleId)).for('update');
    if (example!.status !== 'withdrawn') throw new Error(`row ${exampleId} stands and is not erased`);
    await eraseStoredText(deps, tx, example!);
  });
  const versions = await eraseFromVersions(deps, { ...erasure, dropExport });
  const made = await dependents(deps, exampleId);
  await dropMatchIndexes(deps, made);
  const receipt = await receiptOf(deps, { erasure, versions, made, wasSealed });
  const receiptHash = erasureReceiptHash(receipt);
  const signature = await deps.operator.signMessage!({ message: { raw: receiptHash } });
  await db
    .update(erasures)
    .set({ receipt, receiptHash, signature, erasedAt: new Date(receipt.erasedAt * 1000) })
    .where(and(eq(erasures.exampleId, exampleId), isNull(erasures.erasedAt)));
  return 'erased';
}

type Erasure = typeof erasures.$inferSelect;

/** What the erasure's row holds until it is done: facts for the receipt, and files to remove. */
type Progress = { versions: ErasureReceipt['versions']; replacedKeys: string[] };

async function eraseFromVersions(
  deps: EraseDeps,
  { datanetId, exampleId, receipt, dropExport }: Erasure & { dropExport: (versionId: string) => Promise<void> },
): Promise<ErasureReceipt['versions']> {
  const progress: Progress = { versions: [], replacedKeys: [], ...receipt };
  const versions = await deps.db
    .select({ id: datanetVersions.id })
    .from(datanetVersions)
    .where(eq(datanetVersions.datanetId, datanetId))
    .orderBy(asc(datanetVersions.number));
  for (const { id: versionId } of versions) {
    // In one transaction with the version's new file, so that a worker that dies forgets nothing.
    await eraseVersionRow(deps, { datanetId, versionId, exampleId }, async (tx, { erased, replacedKey }) => {
      if (erased) progress.versions.push(erased);
      progress.replacedKeys.push(replacedKey);
      await tx.update(erasures).set({ receipt: progress }).where(eq(erasures.exampleId, exampleId));
    });
    await dropExport(versionId);
  }
  for (const key of progress.replacedKeys) {
    const isUsed = await deps.db.$count(datanetVersions, eq(datanetVersions.objectKey, key));
    if (isUsed === 0) await deps.store.remove(key);
  }
  return progress.versions;
}

type Dependent = { adapterId: string; adapterSha256: string; prefix: string; slugs: string[] };

async function dependents({ db }: EraseDeps, exampleId: string): Promise<Dependent[]> {
  const rows = await db
    .select({
      adapterId: adapters.id,
      adapterSha256: adapters.sha256,
      prefix: adapters.objectPrefix,
      slugs: sql<
        string[]
      >`array(select ${models.slug} from ${models} where ${models.adapterId} = ${adapters.id} order by 1)`,
    })
    .from(adapters)
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(versionExamples, eq(versionExamples.versionId, trainingRuns.versionId))
    .where(eq(versionExamples.exampleId, exampleId))
    .orderBy(asc(adapters.id));
  return rows;
}

async function dropMatchIndexes({ db, store }: EraseDeps, made: readonly Dependent[]): Promise<void> {
  for (const { adapterId, prefix } of made) {
    await db.update(adapters).set({ spanIndexSha256: null }).where(eq(adapters.id, adapterId));
    await store.remove(`${prefix}/${matchIndex}`);
  }
}

type Done = { erasure: Erasure; versions: ErasureReceipt['versions']; made: Dependent[]; wasSealed: boolean };

async function receiptOf(deps: EraseDeps, { erasure, versions, made, wasSealed }: Done): Promise<ErasureReceipt> {
  const { datanetId, exampleId, requestedBy, requestedAt } = erasure;
  const [datanet] = await deps.db.select({ slug: datanets.slug }).from(datanets).where(eq(datanets.id, datanetId));
  const seconds = (time: Date) => Math.floor(time.getTime() / 1000);
  return erasureReceiptSchema.parse({
    version: 'openledger-erasure/1',
    ...{ exampleId, datanet: { id: datanetId, slug: datanet!.slug }, contributor: requestedBy },
    ...{ requestedAt: seconds(requestedAt), erasedAt: seconds(deps.now()), versions },
    destroyed: [
      ...['text', 'text-hash', 'scorecard', 'exports', 'match-index', 'samples'],
      ...(versions.some(({ isSalted }) => isSalted) ? ['salt'] : []),
      ...(wasSealed ? ['row-key'] : []),
    ],
    models: made.map(({ adapterId, adapterSha256, slugs }) => ({ adapterId, adapterSha256, slugs })),
    quotedInAnswers: await countQuotes(deps, exampleId, made),
    remains,
  });
}

async function countQuotes({ db }: EraseDeps, exampleId: string, made: readonly Dependent[]): Promise<number> {
  if (made.length === 0) return 0;
  const ids = made.map(({ adapterId }) => adapterId);
  const theirs = db.select({ id: models.id }).from(models).where(inArray(models.adapterId, ids));
  const quoted = sql`${inferences.retrieved} @> ${JSON.stringify([{ exampleId }])}::jsonb`;
  return db.$count(inferences, and(inArray(inferences.modelId, theirs), quoted));
}
