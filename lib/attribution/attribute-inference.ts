import { and, eq, sql } from 'drizzle-orm';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import {
  adapters,
  attributionRows,
  attributionShares,
  attributionSpans,
  inferences,
  models,
  receipts,
} from '#db/schema/models.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { outputHash, type ReceiptBody, receiptHash, requestHash, spansHash } from '#lib/kernel/receipt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { IndexMismatchError, InferenceNotAttributableError } from './errors.ts';
import { attributeShares } from './rules.ts';
import type { AnswerSpans, Attribution, Attributor, InfluenceScores } from './types.ts';

/** PostgreSQL takes 65,535 parameters a statement. */
const rowsAnInsert = 5000;

type AttributionDeps = Pick<Deps, 'db' | 'operator' | 'now'>;

/**
 * Attributes a completed inference and issues its receipt: influence scores → shares → signed body, stored in one
 * transaction together with the answer's verbatim matches, which are evidence of their own and move no share. Runs as a
 * job, may run twice: the second run finds the receipt and changes nothing. Deterministic but for the issue time: equal
 * scores give equal shares.
 *
 * Throws InferenceNotAttributableError when there is nothing to attribute, IndexMismatchError when a row that counts is not
 * the version's.
 */
export async function attributeInference(
  deps: AttributionDeps,
  attributor: Attributor,
  inferenceId: string,
): Promise<void> {
  const record = await loadRecord(deps, inferenceId);
  if (record.receiptId) return;
  const { inference, adapter } = record;
  const promptIds = inference.promptIds ?? [];
  const completionIds = inference.completionIds ?? [];
  if (inference.status !== 'completed' || completionIds.length === 0)
    throw new InferenceNotAttributableError(inferenceId);

  const scores = await attributor.score({ adapterId: adapter.id, promptIds, completionIds });
  const found = await attributor.findSpans({ adapterId: adapter.id, completionIds });
  const counted = scores.rows.map((row) => row.exampleId);
  const owners = await ownersOf(deps, record.version.id, counted);
  const attribution = attributeShares(joinOwners(scores, owners), scores.cutScore);
  const body = buildReceipt(deps, record, scores, attribution, found);
  const hash = receiptHash(body);
  const signature = await deps.operator.signMessage!({ message: { raw: hash } });

  await deps.db.transaction(async (tx) => {
    const inserted = await tx
      .insert(receipts)
      .values({
        id: body.id,
        inferenceId,
        modelId: record.model.id,
        body,
        hash,
        signature,
        feeWei: inference.feeWei,
        createdAt: deps.now(),
      })
      .onConflictDoNothing()
      .returning({ id: receipts.id });
    if (inserted.length === 0) return; // another worker was faster
    for (let i = 0; i < attribution.rows.length; i += rowsAnInsert) {
      const part = attribution.rows.slice(i, i + rowsAnInsert);
      await tx.insert(attributionRows).values(part.map((row) => ({ inferenceId, ...row })));
    }
    await tx.insert(attributionShares).values(attribution.shares.map((share) => ({ inferenceId, ...share })));
    const spans = (found?.spans ?? []).map((span, rank) => ({ inferenceId, rank, ...span }));
    if (spans.length > 0) await tx.insert(attributionSpans).values(spans);
    await tx.update(inferences).set({ attributionStatus: 'done' }).where(eq(inferences.id, inferenceId));
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
    })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .leftJoin(receipts, eq(receipts.inferenceId, inferences.id))
    .where(and(eq(inferences.id, inferenceId)));
  if (!record) throw new InferenceNotAttributableError(inferenceId);
  return record;
}

/** Row id to contributor, of those rows that are the version's. Cost: one index look-up a row. */
async function ownersOf(
  deps: Pick<Deps, 'db'>,
  versionId: string,
  rowIds: string[],
): Promise<Map<string, `0x${string}`>> {
  const rows = await deps.db
    .select({ id: examples.id, contributor: examples.contributor })
    .from(versionExamples)
    .innerJoin(examples, eq(examples.id, versionExamples.exampleId))
    .where(and(eq(versionExamples.versionId, versionId), sql`${examples.id} = any(${sql.param(rowIds)}::text[])`));
  return new Map(rows.map((row) => [row.id, row.contributor as `0x${string}`]));
}

function joinOwners(scores: InfluenceScores, owners: Map<string, `0x${string}`>) {
  if (scores.rows.length === 0) throw new IndexMismatchError();
  return scores.rows.map(({ exampleId, score }) => {
    const contributor = owners.get(exampleId);
    if (!contributor) throw new IndexMismatchError();
    return { exampleId, contributor, score };
  });
}

type Loaded = Awaited<ReturnType<typeof loadRecord>>;

function buildReceipt(
  deps: AttributionDeps,
  record: Loaded,
  scores: InfluenceScores,
  attribution: Attribution,
  found: AnswerSpans | null,
): ReceiptBody {
  const { inference, model, adapter, version } = record;
  const salt = inference.salt as `0x${string}`;
  const body: ReceiptBody = {
    version: 1,
    id: derivedId('receipt', inference.id),
    inferenceId: inference.id,
    issuedAt: deps.now().toISOString(),
    gateway: deps.operator.address.toLowerCase(),
    payer: inference.payer,
    channelId: inference.channelId,
    requestHash: requestHash(salt, inference.messages),
    outputHash: outputHash(salt, inference.output ?? ''),
    model: {
      id: model.id,
      versionHash: model.versionHash,
      adapterSha256: adapter.sha256,
      baseModel: adapter.baseModel,
    },
    datanet: { id: version.datanetId, versionId: version.id, number: version.number, root: version.root },
    tokens: { prompt: inference.promptIds?.length ?? 0, completion: inference.completionIds?.length ?? 0 },
    price: {
      inputWeiPerToken: model.inputWeiPerToken.toString(),
      outputWeiPerToken: model.outputWeiPerToken.toString(),
    },
    feeWei: inference.feeWei.toString(),
    split: model.split,
    attribution: {
      method: scores.method,
      indexSha256: scores.indexSha256,
      queryCodesHash: scores.queryCodesHash,
      confident: attribution.confident,
      cutScore: attribution.cutScore.toString(),
      rows: attribution.rows.map((row) => ({ ...row, score: row.score.toString() })),
      shares: attribution.shares,
      ...(found && {
        spans: { indexSha256: found.indexSha256, count: found.spans.length, hash: spansHash(salt, found.spans) },
      }),
    },
  };
  canonicalJson(body); // throws here, before anything is signed, if a float ever slipped in
  return body;
}
