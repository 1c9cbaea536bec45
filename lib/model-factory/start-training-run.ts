import { eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { holdTraining } from './billing/hold-training.ts';
import { mostTokens } from './billing/training-fee.ts';
import { VersionMissingError, VersionNotTrainableError } from './errors.ts';
import { estimateRun } from './estimate-run.ts';
import { getBaseModel } from './get-base-model.ts';
import { findStarted, openRun } from './open-run.ts';
import { minTrainableRows } from './rules.ts';
import type { StartTrainingRunInput } from './schema.ts';

/** The checkpoint that a fork starts from. */
export type ForkOrigin = { runId: string; key: string; step: number };

export type StartDeps = Pick<Deps, 'db' | 'queue' | 'store' | 'env' | 'log' | 'deployment' | 'now' | 'randomBytes'>;

/**
 * Queues a training run that pins version, recipe and seed, and holds its price on the owner's deposit. The same idempotency key
 * returns the same run. Training itself is a job (train-run.ts); this returns when the trainer has counted the tokens.
 *
 * @param options.apiKeyId whose budget the price counts in
 * @throws {TrainingUnpaidError} naming what is missing; nothing is started then
 */
export async function startTrainingRun(
  deps: StartDeps,
  actor: Actor,
  input: StartTrainingRunInput,
  { fork = null, apiKeyId = null }: { fork?: ForkOrigin | null; apiKeyId?: string | null } = {},
): Promise<{ runId: string }> {
  const { address } = assertAccount(actor);
  await getBaseModel(deps, input.baseModel);
  const started = await findStarted(deps.db, address, input.idempotencyKey);
  const tokens = started ? 0 : await countTokens(deps, actor, input);
  const runId = await deps.db.transaction(async (tx) => {
    const [version] = await tx.select().from(datanetVersions).where(eq(datanetVersions.id, input.versionId));
    if (!version) throw new VersionMissingError();
    return openRun(tx, { owner: address, idempotencyKey: input.idempotencyKey }, async () => {
      await getTrainingAccess({ ...deps, db: tx }, actor, version.datanetId);
      if (version.rowCount < minTrainableRows) throw new VersionNotTrainableError(version.rowCount);
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
      await holdTraining({ ...deps, db: tx }, { runId: id, payer: address, apiKeyId, tokens });
      return id;
    });
  });
  await deps.queue.send('train-adapter', { runId }, { key: runId });
  return { runId };
}

/** At most so many tokens are trained on; not asked where training costs nothing. */
async function countTokens(deps: StartDeps, actor: Actor, input: StartTrainingRunInput): Promise<number> {
  if (!deps.env.TRAINING_WEI_PER_1000_TOKENS) return 0;
  const { tokens, check } = await estimateRun(deps, actor, input);
  return mostTokens({ tokens, check, epochs: input.recipe.epochs });
}
