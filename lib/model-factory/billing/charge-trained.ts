import { and, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import { TrainingUnpaidError } from '../errors.ts';
import { findUnbilledRest } from './find-unbilled-rest.ts';
import { type HoldDeps, holdTraining } from './hold-training.ts';
import { settleTraining } from './settle-training.ts';

/** What is trained in so long at most is on credit: a withdrawal takes an hour, and what was charged is claimed before it ends. */
export const chargeEveryMs = 15 * 60_000;

/**
 * Charges a long run for what it has trained since its bill was opened, and holds the price of the rest anew, once a quarter of an hour: to be
 * called whenever a checkpoint is stored. Where the deposit does not cover the rest any more (its owner withdraws), the piece is charged all the
 * same and the run is asked to stop, with the reason on it; resumed, it goes on from there. Only the worker that has the run charges it, and
 * a piece is charged once, because its bill is open only once.
 */
export async function chargeTrained(
  deps: HoldDeps,
  { runId, workerId }: { runId: string; workerId: string },
): Promise<void> {
  try {
    await deps.db.transaction((tx) => chargePiece({ ...deps, db: tx }, runId, workerId, null));
  } catch (error) {
    if (!(error instanceof TrainingUnpaidError)) throw error;
    await deps.db.transaction((tx) => chargePiece({ ...deps, db: tx }, runId, workerId, error));
  }
}

/** `unpaid`: why the rest cannot be held; then the run ends with this piece. */
async function chargePiece(
  deps: HoldDeps,
  runId: string,
  workerId: string,
  unpaid: TrainingUnpaidError | null,
): Promise<void> {
  const { db } = deps;
  const isOurs = and(eq(trainingRuns.id, runId), eq(trainingRuns.leaseOwner, workerId));
  const [run] = await db.select({ owner: trainingRuns.owner }).from(trainingRuns).where(isOurs).for('update');
  const bill = run && (await findOpenBill(db, runId));
  if (!bill || bill.channelId === null || deps.now().getTime() - bill.createdAt.getTime() < chargeEveryMs) return;
  const billed = await settleTraining(deps, runId, unpaid ? 'stopped' : 'running');
  if (unpaid) {
    const said = {
      errorCode: unpaid.code,
      errorMessage: `The deposit does not cover the rest any more. ${unpaid.message}`,
    };
    const asked = { status: 'stopping' as const, ...said };
    await db
      .update(trainingRuns)
      .set(asked)
      .where(and(isOurs, eq(trainingRuns.status, 'running')));
    return;
  }
  const rest = await findUnbilledRest(db, runId);
  // Never more in all than was held at the start, which the owner agreed to.
  const tokens = Math.min(rest!.tokens, bill.expectedTokens - billed);
  await holdTraining(deps, { runId, payer: run.owner, apiKeyId: bill.apiKeyId, tokens: Math.max(0, tokens) });
}

async function findOpenBill(db: DatabaseOrTransaction, runId: string) {
  const isOpen = and(eq(trainingBills.runId, runId), eq(trainingBills.status, 'held'));
  const [bill] = await db.select().from(trainingBills).where(isOpen);
  return bill ?? null;
}
