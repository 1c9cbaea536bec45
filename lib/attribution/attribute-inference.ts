import { and, eq, ne, sql } from 'drizzle-orm';
import { datanetVersions, versionExamples } from '#db/schema/datanets.ts';
import { adapters, inferences, models, receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { findCertificate } from '#lib/audits/queries.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { receiptHash } from '#lib/kernel/receipt.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { attributeRetrieval } from './attribute-retrieval.ts';
import { buildReceipt } from './build-receipt.ts';
import { IndexMismatchError, InferenceNotAttributableError } from './errors.ts';
import { storeAttribution } from './store-attribution.ts';
import type { Attributor } from './types.ts';

export type AttributionDeps = Pick<Deps, 'db' | 'operator' | 'store' | 'now'>;

/**
 * Attributes a completed inference and issues its receipt: influence scores → shares → signed body, stored in one
 * transaction together with the answer's verbatim matches, which are evidence of their own and move no share, and with what
 * the answer says against rows. The query's codes go to the object store under their hash, so that strangers recompute the
 * scores. Runs as a job, may run twice: the second run finds the receipt and changes nothing. Deterministic but for the issue
 * time: equal scores and an equal certificate give equal shares.
 *
 * Throws InferenceNotAttributableError when there is nothing to attribute, IndexMismatchError when a row that counts is not
 * the version's.
 */
export async function attributeInference(
  deps: AttributionDeps,
  attributor: Attributor,
  inferenceId: string,
): Promise<void> {
  const { receiptId, ...record } = await loadRecord(deps, inferenceId);
  if (receiptId) return;
  const { inference, adapter, version } = record;
  const promptIds = inference.promptIds ?? [];
  const completionIds = inference.completionIds ?? [];
  if (inference.status !== 'completed' || completionIds.length === 0)
    throw new InferenceNotAttributableError(inferenceId);

  const scores = await attributor.score({ adapterId: adapter.id, promptIds, completionIds });
  const spans = await attributor.findSpans({ adapterId: adapter.id, completionIds });
  const { messages, retrieved } = inference;
  const read = { adapterId: adapter.id, messages, retrieved, promptIds, completionIds };
  const retrieval = await attributeRetrieval(deps.db, attributor.valueRetrieval, read);
  const paid = [...scores.rows, ...(retrieval?.rows ?? [])].map((row) => row.exampleId);
  const lineages = await lineagesOf(deps, version.id, [...new Set(paid)]);
  const certificate = await findCertificate(deps.db, adapter.id);
  const attributed = attributeShares(
    scores.rows.map((row) => ({ ...row, lineage: lineages.get(row.exampleId)! })),
    { ...scores, alphaPpm: certificate.alphaPpm },
    retrieval?.rows.map((row) => ({ ...row, lineage: lineages.get(row.exampleId)! })),
  );
  await putContent(deps.store, scores.queryCodes);
  const gateway = deps.operator.address;
  const body = buildReceipt({
    ...record,
    certificate,
    scores,
    attributed,
    retrieval,
    spans,
    gateway,
    issuedAt: deps.now(),
  });
  const hash = receiptHash(body);
  const signature = await deps.operator.signMessage!({ message: { raw: hash } });

  await deps.db.transaction(async (tx) => {
    const isNew = await storeAttribution(tx, { body, hash, signature }, attributed, spans?.spans ?? []);
    if (!isNew) return; // another worker was faster
    await attributor.recordHarm(tx, { inferenceId, adapterId: adapter.id, rows: scores.harmful });
  });
}

async function loadRecord(deps: Pick<Deps, 'db'>, inferenceId: string) {
  const [record] = await deps.db
    .select({
      inference: inferences,
      model: models,
      adapter: adapters,
      version: datanetVersions,
      receiptId: receipts.id,
      task: { id: tasks.id, hash: tasks.hash, app: tasks.app },
    })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .leftJoin(receipts, eq(receipts.inferenceId, inferences.id))
    // A task is closed only when all of its answers have receipts: this one came too late to be listed, so it names none.
    .leftJoin(tasks, and(eq(tasks.id, sql`${inferences.params} ->> 'task'`), ne(tasks.status, 'closed')))
    .where(eq(inferences.id, inferenceId));
  if (!record) throw new InferenceNotAttributableError(inferenceId);
  return record;
}

/** The people of rows that are the version's; throws IndexMismatchError for others. Cost: index look-ups a row. */
async function lineagesOf(
  deps: Pick<Deps, 'db'>,
  versionId: string,
  rowIds: string[],
): Promise<Map<string, LineageAct[]>> {
  const known = await deps.db
    .select({ id: versionExamples.exampleId })
    .from(versionExamples)
    .where(
      and(
        eq(versionExamples.versionId, versionId),
        sql`${versionExamples.exampleId} = any(${sql.param(rowIds)}::text[])`,
      ),
    );
  if (known.length !== rowIds.length) throw new IndexMismatchError();
  return findRoles(deps.db, rowIds);
}
