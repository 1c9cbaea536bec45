import { eq } from 'drizzle-orm';
import { fineTuningJobs } from '#db/schema/fine-tuning.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getFineTuningJob } from './queries.ts';

/** Notes that a job is not to go on; its run is stopped before that. @throws {FineTuningJobNotFoundError} */
export async function cancelFineTuningJob(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: { id: string },
): Promise<void> {
  const job = await getFineTuningJob(deps, actor, input);
  await deps.db.update(fineTuningJobs).set({ cancelledAt: deps.now() }).where(eq(fineTuningJobs.id, job.id));
}
