import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { TooManyRunsError } from './errors.ts';
import { openStatuses } from './rules.ts';

const maxOpenRuns = 5;

/**
 * The run of this key, which `open` inserts where there is none yet and the account has room for one. One lock an account, so that two clicks
 * at once cannot pass the limit together. To be called in the transaction that opens the run.
 *
 * @throws TooManyRunsError, and what `open` throws
 */
export async function openRun(
  tx: DatabaseOrTransaction,
  { owner, idempotencyKey }: { owner: string; idempotencyKey: string },
  open: () => Promise<string>,
): Promise<string> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`runs:${owner}`}, 0))`);
  const before = await findStarted(tx, owner, idempotencyKey);
  if (before) return before;
  const isOpen = and(eq(trainingRuns.owner, owner), inArray(trainingRuns.status, openStatuses));
  const count = await tx.$count(trainingRuns, isOpen);
  if (count >= maxOpenRuns) throw new TooManyRunsError(count);
  return open();
}

/** The run that an account started with this key. */
export async function findStarted(
  db: DatabaseOrTransaction,
  owner: string,
  idempotencyKey: string,
): Promise<string | null> {
  const [run] = await db
    .select({ id: trainingRuns.id })
    .from(trainingRuns)
    .where(and(eq(trainingRuns.owner, owner), eq(trainingRuns.idempotencyKey, idempotencyKey)));
  return run?.id ?? null;
}
