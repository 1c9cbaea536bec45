import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { fineTuningJobs } from '#db/schema/fine-tuning.ts';
import { models, trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { FineTuningJobNotFoundError } from './errors.ts';
import type { PageInput } from './schema.ts';
import type { FineTuningJob } from './types.ts';

/** A job of one's own; somebody else's is answered like one that does not exist. @throws {FineTuningJobNotFoundError} */
export async function getFineTuningJob(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { id }: { id: string },
): Promise<FineTuningJob> {
  const { address } = assertAccount(actor);
  const [job] = await selectJobs(deps, and(eq(fineTuningJobs.owner, address), eq(fineTuningJobs.id, id)), 1);
  if (!job) throw new FineTuningJobNotFoundError(id);
  return job;
}

/** One's jobs, newest first. */
export async function listFineTuningJobs(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { limit, after }: PageInput,
): Promise<{ data: FineTuningJob[]; hasMore: boolean }> {
  const { address } = assertAccount(actor);
  const where = and(eq(fineTuningJobs.owner, address), after ? lt(fineTuningJobs.id, after) : undefined);
  const rows = await selectJobs(deps, where, limit + 1);
  return { data: rows.slice(0, limit), hasMore: rows.length > limit };
}

const trainTokens = sql<number | null>`(select (e.data ->> 'trainTokens')::bigint::int from ${trainingEvents} e
  where e.run_id = ${trainingRuns.id} and e.type = 'started' order by e.seq limit 1)`;

async function selectJobs(deps: Pick<Deps, 'db'>, where: SQL | undefined, limit: number): Promise<FineTuningJob[]> {
  const rows = await deps.db
    .select({ job: fineTuningJobs, run: trainingRuns, modelSlug: models.slug, trainTokens })
    .from(fineTuningJobs)
    .innerJoin(trainingRuns, eq(trainingRuns.id, fineTuningJobs.runId))
    .leftJoin(models, eq(models.id, fineTuningJobs.modelId))
    .where(where)
    .orderBy(desc(fineTuningJobs.id))
    .limit(limit);
  return rows.map(({ job, run, modelSlug, trainTokens: tokens }) => ({
    ...{ id: job.id, owner: job.owner as `0x${string}`, fileId: job.fileId, runId: run.id, versionId: run.versionId },
    ...{ baseModel: run.baseModel, seed: run.seed, suffix: job.suffix, metadata: job.metadata },
    hyperparameters: job.hyperparameters as FineTuningJob['hyperparameters'],
    ...{ status: run.status, errorCode: run.errorCode, errorMessage: run.errorMessage },
    ...{ modelSlug, trainTokens: tokens, totalSteps: run.totalSteps, createdAt: job.createdAt },
    ...{ endedAt: run.endedAt },
  }));
}
