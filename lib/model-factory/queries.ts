import { and, asc, desc, eq, gt, gte, isNull, or, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { accessGrants, datanetAccess } from '#db/schema/access.ts';
import { datanetRoles, datanets, datanetVersions } from '#db/schema/datanets.ts';
import { mixes } from '#db/schema/mixes.ts';
import { adapters, models, trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { findDatanetHeads, isAnchored } from './chain-facts.ts';
import { RunNotFoundError } from './errors.ts';
import { listMergeParents } from './list-merge-parents.ts';
import { minTrainableRows } from './rules.ts';
import type { RunEvent, RunSummary, TrainableVersion } from './types.ts';

const runColumns = {
  run: trainingRuns,
  version: { id: datanetVersions.id, number: datanetVersions.number, rowCount: datanetVersions.rowCount },
  datanet: { id: datanets.id, slug: datanets.slug, title: datanets.title },
  adapter: { id: adapters.id, evalLoss: adapters.evalLoss, baseEvalLoss: adapters.baseEvalLoss },
  modelSlug: models.slug,
  step: sql<number>`coalesce((select (e.data ->> 'step')::int from ${trainingEvents} e
    where e.run_id = ${trainingRuns.id} and e.type = 'step' order by e.seq desc limit 1), ${trainingRuns.checkpointStep})`,
};

const selectRuns = (db: DatabaseOrTransaction) =>
  db
    .select(runColumns)
    .from(trainingRuns)
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(adapters, eq(adapters.runId, trainingRuns.id))
    .leftJoin(models, eq(models.adapterId, adapters.id));

type RunRow = Awaited<ReturnType<typeof selectRuns>>[number];

function toRunSummary({ run, version, datanet, adapter, modelSlug, step }: RunRow): RunSummary {
  return {
    id: run.id,
    name: run.name,
    owner: run.owner as `0x${string}`,
    status: run.status,
    baseModel: run.baseModel,
    preset: run.preset,
    datanet,
    version,
    totalSteps: run.totalSteps,
    step,
    errorCode: run.errorCode,
    errorMessage: run.errorMessage,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    adapterId: adapter?.id ?? null,
    evalLoss: adapter?.evalLoss ?? null,
    baseEvalLoss: adapter?.baseEvalLoss ?? null,
    modelSlug,
  };
}

/** One run; anyone may read it. Throws RunNotFoundError. */
export async function getRun(db: DatabaseOrTransaction, runId: string): Promise<RunSummary> {
  const [row] = await selectRuns(db).where(eq(trainingRuns.id, runId));
  if (!row) throw new RunNotFoundError(runId);
  return toRunSummary(row);
}

/** What a run pins, for its page: recipe and root. */
export async function getRunConfig(db: DatabaseOrTransaction, runId: string) {
  const [row] = await db
    .select({
      recipe: trainingRuns.recipe,
      seed: trainingRuns.seed,
      checkpointStep: trainingRuns.checkpointStep,
      forkedFromRunId: trainingRuns.forkedFromRunId,
      forkedFromStep: trainingRuns.forkedFromStep,
      root: datanetVersions.root,
      license: datanets.license,
      version: datanetVersions.id,
    })
    .from(trainingRuns)
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(trainingRuns.id, runId));
  if (!row) throw new RunNotFoundError(runId);
  const { version, ...config } = row;
  const heads = await findDatanetHeads(db, version);
  const merged = await listMergeParents(db, runId);
  return {
    ...config,
    merged,
    parts: await listMixParts(db, version),
    anchored: heads.every(({ head }) => head !== null),
  };
}

/** Runs of the signed-in account, newest first. */
export async function listRuns(db: DatabaseOrTransaction, actor: Actor, limit = 50): Promise<RunSummary[]> {
  const { address } = assertAccount(actor);
  const rows = await selectRuns(db)
    .where(eq(trainingRuns.owner, address))
    .orderBy(desc(trainingRuns.createdAt))
    .limit(limit);
  return rows.map(toRunSummary);
}

/** The newest runs, whoever's they are; those that wait or train now come first. */
export async function listRecentRuns(db: DatabaseOrTransaction, limit = 6): Promise<RunSummary[]> {
  const rows = await selectRuns(db)
    .orderBy(
      sql`${trainingRuns.status} in ('queued', 'running', 'stopping', 'cancelling') desc, ${trainingRuns.createdAt} desc`,
    )
    .limit(limit);
  return rows.map(toRunSummary);
}

/** What a run said after event `afterSeq`, in order; one range of the primary key. */
export async function listRunEvents(
  db: DatabaseOrTransaction,
  runId: string,
  afterSeq: number,
  limit = 500,
): Promise<RunEvent[]> {
  const rows = await db
    .select()
    .from(trainingEvents)
    .where(and(eq(trainingEvents.runId, runId), gt(trainingEvents.seq, afterSeq)))
    .orderBy(asc(trainingEvents.seq))
    .limit(limit);
  return rows.map(toRunEvent);
}

/** Number of the newest event; 0 before the first. One look at the end of the primary key. */
export async function findNewestSeq(db: DatabaseOrTransaction, runId: string): Promise<number> {
  const [row] = await db
    .select({ seq: trainingEvents.seq })
    .from(trainingEvents)
    .where(eq(trainingEvents.runId, runId))
    .orderBy(desc(trainingEvents.seq))
    .limit(1);
  return row?.seq ?? 0;
}

function toRunEvent({ seq, type, data, at }: typeof trainingEvents.$inferSelect): RunEvent {
  return { seq, type, data, at: at.toISOString() };
}

/**
 * What a run said so far, for drawing: all but the steps, and of those about `maxSteps` evenly chosen ones with the newest.
 * The live stream goes on after the last one's seq.
 */
export async function listRunHistory(db: DatabaseOrTransaction, runId: string, maxSteps = 800): Promise<RunEvent[]> {
  const total = await db.$count(trainingEvents, eq(trainingEvents.runId, runId));
  const every = Math.max(1, Math.ceil(total / maxSteps));
  const rows = await db
    .select()
    .from(trainingEvents)
    .where(
      and(
        eq(trainingEvents.runId, runId),
        sql`(${trainingEvents.type} <> 'step' or ${trainingEvents.seq} % ${every} = 0 or ${trainingEvents.seq} > ${total - 2})`,
      ),
    )
    .orderBy(asc(trainingEvents.seq));
  return rows.map(toRunEvent);
}

/**
 * Frozen versions with enough rows to train on, of public Datanets and of those whose rows the actor may read: the newest of each
 * Datanet first, then older ones.
 */
export async function listTrainableVersions(
  db: DatabaseOrTransaction,
  actor: Actor = { kind: 'visitor' },
  limit = 500,
): Promise<TrainableVersion[]> {
  const rows = await db
    .select({
      id: datanetVersions.id,
      number: datanetVersions.number,
      datanet: {
        id: datanets.id,
        slug: datanets.slug,
        title: datanets.title,
        domain: datanets.domain,
        summary: datanets.summary,
      },
      fields: datanets.fields,
      tier: datanetAccess.tier,
      rowCount: datanetVersions.rowCount,
      contributorCount: datanetVersions.contributorCount,
      license: datanets.license,
      root: datanetVersions.root,
      createdAt: datanetVersions.createdAt,
      anchored: isAnchored,
    })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(datanetAccess, eq(datanetAccess.datanetId, datanets.id))
    .leftJoin(mixes, eq(mixes.versionId, datanetVersions.id))
    .where(
      and(
        isNull(mixes.versionId), // chosen anew from their parts
        gte(datanetVersions.rowCount, minTrainableRows),
        or(isNull(datanetAccess.tier), mayTrain(actor)),
      ),
    )
    .orderBy(asc(datanets.title), desc(datanetVersions.number))
    .limit(limit);
  return rows.map((row) => ({
    ...row,
    fields: row.fields.map(({ label }) => label),
    tier: row.tier ?? 'public',
    root: row.root as `0x${string}`,
    createdAt: row.createdAt.toISOString(),
  }));
}

/** Owner, curator, or with a permission that has not ended; getTrainingAccess asks again before anything is read. */
function mayTrain(actor: Actor) {
  if (actor.kind !== 'account') return sql`false`;
  const { address } = actor;
  return sql`(${datanets.owner} = ${address} or exists (select 1 from ${datanetRoles} r
    where r.datanet_id = ${datanets.id} and r.address = ${address} and r.role = 'curator') or exists (select 1 from ${accessGrants} g
    where g.datanet_id = ${datanets.id} and g.grantee = ${address} and g.revoked_at is null and g.expires_at > now()))`;
}
