import { and, desc, eq, ilike, or, type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { fineTuningJobs } from '#db/schema/fine-tuning.ts';
import { modelVersions } from '#db/schema/model-versions.ts';
import { adapters, inferences, models, receipts, trainingRuns } from '#db/schema/models.ts';
import { chainEvents, rewardLines } from '#db/schema/settlement.ts';
import { isLive } from './chain-facts.ts';
import { toChainSplit } from './chain-split.ts';
import { ModelNotFoundError } from './errors.ts';
import { listMergeParents } from './list-merge-parents.ts';
import { heldOutCount } from './rules.ts';
import type { ListModelsInput } from './schema.ts';
import type { ModelDetail, ModelEarner, ModelOnChain, ModelReceipt, ModelSummary } from './types.ts';

const answers = sql<number>`(select count(*)::int from ${inferences} i
  where i.model_id = ${models.id} and i.status = 'completed')`;
const charged = sql<string>`(select coalesce(sum(i.fee_wei), 0)::text from ${inferences} i
  where i.model_id = ${models.id} and i.status = 'completed')`;
const earned = sql<string>`(select coalesce(sum(l.amount_wei), 0)::text from ${rewardLines} l
  where l.model_id = ${models.id})`;

const summaryColumns = {
  model: models,
  live: isLive,
  access: sql<ModelSummary['access']>`model_access(${models.id})`,
  datanet: { id: datanets.id, slug: datanets.slug, title: datanets.title, domain: datanets.domain },
  version: { id: datanetVersions.id, number: datanetVersions.number, rowCount: datanetVersions.rowCount },
  evalLoss: adapters.evalLoss,
  baseEvalLoss: adapters.baseEvalLoss,
  answers,
  charged,
  earned,
};

const selectModels = (db: DatabaseOrTransaction) =>
  db
    .select(summaryColumns)
    .from(models)
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId));

type SummaryRow = Awaited<ReturnType<typeof selectModels>>[number];

function toSummary({ model, answers, charged, earned, ...rest }: SummaryRow): ModelSummary {
  return {
    ...rest,
    id: model.id,
    slug: model.slug,
    name: model.name,
    summary: model.summary,
    owner: model.owner as `0x${string}`,
    inputWeiPerToken: model.inputWeiPerToken,
    outputWeiPerToken: model.outputWeiPerToken,
    answers,
    chargedWei: BigInt(charged),
    earnedWei: BigInt(earned),
    createdAt: model.createdAt.toISOString(),
  };
}

const orders: Record<ListModelsInput['sort'], SQL> = {
  newest: desc(models.createdAt),
  answers: sql`${answers} desc, ${models.createdAt} desc`,
  earned: sql`${earned}::numeric desc, ${models.createdAt} desc`,
  gain: sql`${adapters.evalLoss} / ${adapters.baseEvalLoss}, ${models.createdAt} desc`,
};

/** What a fine-tuning job trained and nobody published: its owner's alone (lib/serving/queries.ts). */
const isListed = sql`(${isLive} or not exists (select 1 from ${fineTuningJobs} j where j.model_id = ${models.id}))`;

/** Of a model's versions the list shows the one that answers for its name. */
const isChosen = sql`(not exists (select 1 from ${modelVersions} v where v.model_id = ${models.id})
  or exists (select 1 from ${modelVersions} v join models f on f.id = v.family_id
    where v.model_id = ${models.id} and resolve_model(f.slug) = ${models.id}))`;

/** Published models, live or on their way to the chain; at most 200. `q` looks in name, summary and Datanet. */
export async function listModels(db: DatabaseOrTransaction, input: ListModelsInput): Promise<ModelSummary[]> {
  const pattern = `%${input.q.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const found = or(ilike(models.name, pattern), ilike(models.summary, pattern), ilike(datanets.title, pattern));
  const rows = await selectModels(db)
    .where(
      and(
        isListed,
        isChosen,
        input.q ? found : undefined,
        input.domain ? eq(datanets.domain, input.domain) : undefined,
      ),
    )
    .orderBy(orders[input.sort])
    .limit(200);
  return rows.map(toSummary);
}

/** Domains that have a model, with their number, for the facets of the list. */
export async function listModelDomains(db: DatabaseOrTransaction): Promise<{ domain: string; count: number }[]> {
  return db
    .select({ domain: datanets.domain, count: sql<number>`count(*)::int` })
    .from(models)
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(isListed)
    .groupBy(datanets.domain)
    .orderBy(datanets.domain);
}

/** A model with its lineage, by `name@2` or by its name, for which the version that answers stands. @throws {ModelNotFoundError} */
export async function getModel(
  db: DatabaseOrTransaction,
  slug: string,
  config: { protocolFeeBps: number },
): Promise<ModelDetail> {
  const [row] = await db
    .select({
      ...summaryColumns,
      adapter: adapters,
      run: trainingRuns,
      root: datanetVersions.root,
      contributorCount: datanetVersions.contributorCount,
      license: datanets.license,
    })
    .from(models)
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(and(sql`${models.id} = resolve_model(${slug})`, isListed));
  if (!row) throw new ModelNotFoundError(slug);
  const { adapter, run, root, contributorCount, license, ...summary } = row;
  const { dataset, heldOutExamples } = adapter.manifest as ReadOfManifest;
  const merged = await listMergeParents(db, run.id);
  const copies = dataset?.copies;
  return {
    ...toSummary(summary),
    split: row.model.split,
    versionHash: row.model.versionHash as `0x${string}`,
    adapter: {
      id: adapter.id,
      sha256: adapter.sha256 as `0x${string}`,
      indexSha256: adapter.indexSha256 as `0x${string}`,
      baseModel: adapter.baseModel,
    },
    run: { id: run.id, preset: run.preset, seed: run.seed, steps: run.totalSteps, seconds: secondsOf(run) },
    recipe: run.recipe,
    versionRoot: root as `0x${string}`,
    contributorCount,
    license,
    heldOutRows:
      merged.length > 0 && heldOutExamples ? heldOutExamples : heldOutCount(row.version.rowCount - (copies ?? 0)),
    copies: copies ?? null,
    merged,
    onChain: await findOnChain(db, row.model, config.protocolFeeBps),
  };
}

/** Of a merge, what is held out is what its models held out, and the manifest counts it. */
type ReadOfManifest = { dataset?: { copies: number } | null; heldOutExamples?: number };

function secondsOf(run: typeof trainingRuns.$inferSelect): number | null {
  if (!run.startedAt || !run.endedAt) return null;
  return Math.round((run.endedAt.getTime() - run.startedAt.getTime()) / 1000);
}

/** The publication with the registration of its registry entry; owner and split there must be the ones that we show. */
async function findOnChain(
  db: DatabaseOrTransaction,
  model: typeof models.$inferSelect,
  protocolFeeBps: number,
): Promise<ModelOnChain | null> {
  const [event] = await db
    .select()
    .from(chainEvents)
    .where(and(eq(chainEvents.name, 'VersionPublished'), eq(chainEvents.subject, model.versionHash)))
    .orderBy(chainEvents.blockNumber, chainEvents.logIndex)
    .limit(1);
  if (!event) return null;
  const [registered] = await db
    .select({ args: chainEvents.args })
    .from(chainEvents)
    .where(
      and(
        eq(chainEvents.contract, 'modelRegistry'),
        eq(chainEvents.name, 'ModelRegistered'),
        sql`${chainEvents.args} ->> 'id' = ${String(event.args.id)}`,
      ),
    );
  const split = Object.entries(toChainSplit(model.split, protocolFeeBps));
  const termsMatch =
    registered?.args.owner === model.owner &&
    split.every(([role, bps]) => Number(registered.args[`split.${role}`]) === bps);
  return {
    registryId: String(event.args.id),
    number: Number(event.args.number),
    txHash: event.txHash as `0x${string}`,
    blockNumber: event.blockNumber,
    head: String(event.args.head) as `0x${string}`,
    termsMatch,
  };
}

/** Newest receipts of a model. */
export async function listModelReceipts(
  db: DatabaseOrTransaction,
  modelId: string,
  limit = 8,
): Promise<ModelReceipt[]> {
  const rows = await db
    .select({
      id: receipts.id,
      feeWei: receipts.feeWei,
      createdAt: receipts.createdAt,
      settled: sql<boolean>`${receipts.rewardPeriodId} is not null`,
      rows: sql<number | null>`case when receipts.inference_id is not null then
        (select count(*)::int from attribution_rows a where a.inference_id = receipts.inference_id) end`,
    })
    .from(receipts)
    .where(eq(receipts.modelId, modelId))
    .orderBy(desc(receipts.createdAt))
    .limit(limit);
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/** Who earned most from a model in settled reward periods, by account and role. */
export async function listModelEarners(db: DatabaseOrTransaction, modelId: string, limit = 8): Promise<ModelEarner[]> {
  const total = sql<string>`sum(${rewardLines.amountWei})`;
  const rows = await db
    .select({ account: rewardLines.account, role: rewardLines.role, amount: sql<string>`${total}::text` })
    .from(rewardLines)
    .where(eq(rewardLines.modelId, modelId))
    .groupBy(rewardLines.account, rewardLines.role)
    .orderBy(sql`${total} desc`)
    .limit(limit);
  return rows.map(({ account, role, amount }) => ({
    account: account as `0x${string}`,
    role,
    amountWei: BigInt(amount),
  }));
}
