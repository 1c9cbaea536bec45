import { and, eq, inArray, sql } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { TooManyRunsError, VersionMissingError, VersionNotTrainableError } from './errors.ts';
import { getBaseModel } from './get-base-model.ts';
import { minTrainableRows, openStatuses } from './rules.ts';
import type { StartTrainingRunInput } from './schema.ts';

const maxOpenRuns = 5;

/** The checkpoint that a fork starts from. */
export type ForkOrigin = { runId: string; key: string; step: number };

/**
 * Queues a training run that pins version, recipe and seed. The same idempotency key returns the same run.
 * Training itself is a job (train-run.ts); this returns at once.
 */
export async function startTrainingRun(
  deps: Pick<Deps, 'db' | 'queue' | 'env' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: StartTrainingRunInput,
  fork: ForkOrigin | null = null,
): Promise<{ runId: string }> {
  const { address } = assertAccount(actor);
  await getBaseModel(deps, input.baseModel);
  const runId = await deps.db.transaction(async (tx) => {
    // One lock an account, so that two clicks at once cannot pass the limit together.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`runs:${address}`}, 0))`);
    const [before] = await tx
      .select({ id: trainingRuns.id })
      .from(trainingRuns)
      .where(and(eq(trainingRuns.owner, address), eq(trainingRuns.idempotencyKey, input.idempotencyKey)));
    if (before) return before.id;
    const [version] = await tx.select().from(datanetVersions).where(eq(datanetVersions.id, input.versionId));
    if (!version) throw new VersionMissingError();
    await getTrainingAccess({ ...deps, db: tx }, actor, version.datanetId);
    if (version.rowCount < minTrainableRows) throw new VersionNotTrainableError(version.rowCount);
    const open = await tx.$count(
      trainingRuns,
      and(eq(trainingRuns.owner, address), inArray(trainingRuns.status, openStatuses)),
    );
    if (open >= maxOpenRuns) throw new TooManyRunsError(open);
    const id = newId(deps, 'run');
    await tx.insert(trainingRuns).values({
      id,
      owner: address,
      name: input.name,
      versionId: version.id,
      baseModel: input.baseModel,
      preset: input.preset,
      recipe: input.recipe,
      seed: input.recipe.seed,
      status: 'queued',
      idempotencyKey: input.idempotencyKey,
      forkedFromRunId: fork?.runId,
      forkedFromKey: fork?.key,
      forkedFromStep: fork?.step,
      createdAt: deps.now(),
    });
    return id;
  });
  await deps.queue.send('train-adapter', { runId }, { key: runId });
  return { runId };
}
