import { eq } from 'drizzle-orm';
import { trainingRuns } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { RunForbiddenError, RunNotForkableError, RunNotFoundError } from './errors.ts';
import { type ForkTrainingRunInput, recipeSchema } from './schema.ts';
import { type StartDeps, startTrainingRun } from './start-training-run.ts';

/**
 * Queues a new run that starts from the newest checkpoint of another one of the same account: same base and version, a
 * recipe with the given changes. Rank and target modules stay, as the adapter has its shape from them. The run records
 * where it came from; it is not certified attributable, since part of what it knows was learnt outside its own steps.
 */
export async function forkTrainingRun(
  deps: StartDeps,
  actor: Actor,
  input: ForkTrainingRunInput,
): Promise<{ runId: string }> {
  const { address } = assertAccount(actor);
  const [parent] = await deps.db.select().from(trainingRuns).where(eq(trainingRuns.id, input.runId));
  if (!parent) throw new RunNotFoundError(input.runId);
  if (parent.owner !== address) throw new RunForbiddenError();
  if (!parent.checkpointKey) throw new RunNotForkableError();
  const { name, change, idempotencyKey } = input;
  const { versionId, baseModel } = parent;
  const recipe = { ...recipeSchema.parse(parent.recipe), ...change };
  const origin = { runId: parent.id, key: parent.checkpointKey, step: parent.checkpointStep };
  const start = { name, versionId, baseModel, preset: 'custom' as const, recipe, idempotencyKey };
  return startTrainingRun(deps, actor, start, { fork: origin });
}
