import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findUnbilledRest } from './billing/find-unbilled-rest.ts';
import { holdTraining } from './billing/hold-training.ts';
import { settleTraining } from './billing/settle-training.ts';
import { RunForbiddenError, RunNotFoundError, RunStateError } from './errors.ts';
import { findTrainedTokens } from './find-trained-tokens.ts';
import { appendRunEvent } from './run-lease.ts';

type ChangeDeps = Pick<Deps, 'db' | 'queue' | 'now'>;
type ResumeDeps = ChangeDeps & Pick<Deps, 'env' | 'deployment' | 'randomBytes'>;

/** Asks a run to stop. A waiting one stops at once; a training one within a step, after writing a checkpoint. */
export async function stopTrainingRun(deps: ChangeDeps, actor: Actor, input: { runId: string }): Promise<void> {
  await changeRun(deps, actor, input.runId, async (run, set, tx) => {
    if (run.status === 'queued') {
      await set({ status: 'stopped', endedAt: deps.now() });
      await settleTraining({ now: deps.now, db: tx }, run.id, 'stopped');
    } else if (run.status === 'running') await set({ status: 'stopping' });
    else if (run.status !== 'stopping' && run.status !== 'stopped') throw new RunStateError('stopped', run.status);
  });
}

/**
 * Ends a run for good: a waiting, stopped or failed one at once, a training one within a step. Nothing goes on from it; what it
 * had read until then is what it is metered by.
 */
export async function cancelTrainingRun(deps: ChangeDeps, actor: Actor, input: { runId: string }): Promise<void> {
  await changeRun(deps, actor, input.runId, async (run, set, tx) => {
    if (run.status === 'running' || run.status === 'stopping') await set({ status: 'cancelling' });
    else if (run.status === 'queued' || run.status === 'stopped' || run.status === 'failed') {
      await set({ status: 'cancelled', endedAt: deps.now() });
      const used = await findTrainedTokens(tx, run.id);
      await appendRunEvent({ ...deps, db: tx }, run.id, 'cancelled', used);
      await settleTraining({ now: deps.now, db: tx }, run.id, 'cancelled');
    } else if (run.status !== 'cancelling' && run.status !== 'cancelled')
      throw new RunStateError('cancelled', run.status);
  });
}

/**
 * Queues a stopped or failed run again; it goes on from its last checkpoint, and what is left of its price is held anew.
 *
 * @throws {RunStateError | TrainingUnpaidError} the run stays as it was
 */
export async function resumeTrainingRun(deps: ResumeDeps, actor: Actor, input: { runId: string }): Promise<void> {
  await changeRun(deps, actor, input.runId, async (run, set, tx) => {
    if (run.status !== 'stopped' && run.status !== 'failed') throw new RunStateError('resumed', run.status);
    const rest = await findUnbilledRest(tx, run.id);
    if (rest) await holdTraining({ ...deps, db: tx }, { runId: run.id, payer: run.owner, ...rest });
    await set({ status: 'queued', errorCode: null, errorMessage: null, endedAt: null });
  });
  await deps.queue.send('train-adapter', { runId: input.runId }, { key: input.runId });
}

type Run = typeof trainingRuns.$inferSelect;

async function changeRun(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  runId: string,
  change: (run: Run, set: (values: Partial<Run>) => Promise<unknown>, tx: DatabaseOrTransaction) => Promise<void>,
): Promise<void> {
  const { address } = assertAccount(actor);
  await deps.db.transaction(async (tx) => {
    const [run] = await tx.select().from(trainingRuns).where(eq(trainingRuns.id, runId)).for('update');
    if (!run) throw new RunNotFoundError(runId);
    if (run.owner !== address) throw new RunForbiddenError();
    await change(run, (values) => tx.update(trainingRuns).set(values).where(eq(trainingRuns.id, runId)), tx);
  });
}
