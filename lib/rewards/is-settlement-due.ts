import { and, asc, isNull, ne, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { isUnchallenged } from '#lib/challenges/queries.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { isReleaseDue } from './release-revoked.ts';

/**
 * Whether a settlement should be queued now: a period is unfinished, or was revoked for a receipt that is wrong, or a paid
 * receipt is left from an earlier window of REWARD_PERIOD_SECONDS. Cheap: the sweeper asks every few seconds.
 */
export async function isSettlementDue(
  deps: Pick<Deps, 'db' | 'now'> & { env: Pick<Deps['env'], 'REWARD_PERIOD_SECONDS'> },
): Promise<boolean> {
  const [unfinished] = await deps.db
    .select({ id: rewardPeriods.id })
    .from(rewardPeriods)
    .where(ne(rewardPeriods.status, 'submitted'))
    .limit(1);
  if (unfinished || (await isReleaseDue(deps))) return true;
  const oldest = await findOldestOpenReceipt(deps.db);
  if (!oldest) return false;
  const windowMs = deps.env.REWARD_PERIOD_SECONDS * 1000;
  const windowOf = (time: Date) => Math.floor(time.getTime() / windowMs);
  return windowOf(deps.now()) > windowOf(oldest);
}

const isOpenAndPaid = and(isNull(receipts.rewardPeriodId), sql`${receipts.feeWei} > 0`, isUnchallenged(receipts.id));

async function findOldestOpenReceipt(db: DatabaseOrTransaction): Promise<Date | null> {
  const [row] = await db
    .select({ createdAt: receipts.createdAt })
    .from(receipts)
    .where(isOpenAndPaid)
    .orderBy(asc(receipts.createdAt))
    .limit(1);
  return row?.createdAt ?? null;
}
