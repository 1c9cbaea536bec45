import { and, eq } from 'drizzle-orm';
import { fineTuningJobs } from '#db/schema/fine-tuning.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { FineTuningJobNotFoundError } from './errors.ts';
import { getTrainingFile } from './get-training-file.ts';
import type { CreateFineTuningJobInput } from './schema.ts';

/**
 * Notes that a run of one's own is what a job of `/v1/fine_tuning/jobs` asked for. The same run again is the same job.
 *
 * @throws {FileNotFoundError | FineTuningJobNotFoundError}
 */
export async function createFineTuningJob(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: Pick<CreateFineTuningJobInput, 'fileId' | 'suffix' | 'hyperparameters' | 'metadata'> & { runId: string },
): Promise<{ id: string }> {
  const { address: owner } = assertAccount(actor);
  const { fileId, runId, suffix, hyperparameters, metadata } = input;
  await getTrainingFile(deps, actor, { id: fileId });
  return deps.db.transaction(async (tx) => {
    const own = and(eq(trainingRuns.id, runId), eq(trainingRuns.owner, owner));
    if ((await tx.$count(trainingRuns, own)) === 0) throw new FineTuningJobNotFoundError(runId);
    const job = { id: newId(deps, 'fineTuningJob'), owner, fileId, runId, suffix, hyperparameters, metadata };
    await tx
      .insert(fineTuningJobs)
      .values({ ...job, createdAt: deps.now() })
      .onConflictDoNothing();
    const [stored] = await tx
      .select({ id: fineTuningJobs.id })
      .from(fineTuningJobs)
      .where(eq(fineTuningJobs.runId, runId));
    return { id: stored!.id };
  });
}
