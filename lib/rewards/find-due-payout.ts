import { eq } from 'drizzle-orm';
import { poolPayouts } from '#db/schema/datanet-fees.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findShortage } from '#lib/solvency/queries.ts';
import type { Period } from './close-period.ts';
import { listEpochs } from './epochs.ts';
import { findNewestOurs } from './queries.ts';

/** An epoch that became active and whose stake pools were not paid yet. */
export type DuePayout = { epochId: number; period: Period };

/** What pools got, wei, and the pools that a contract refused to pay, with the reason. */
export type PaidPools = { paidWei: bigint; refused: string[] };

/**
 * The newest active epoch of ours, unless its pools were paid: amounts are cumulative, so that older ones need nothing of their own.
 * Null also while a contract holds less than it owes. A few look-ups: the sweeper asks every few seconds.
 */
export async function findDuePayout(deps: Pick<Deps, 'db' | 'now'>): Promise<DuePayout | null> {
  const { db } = deps;
  const active = await findNewestOurs(db, await listEpochs(db, await chainNow(deps)), ['active']);
  if (!active) return null;
  const [row] = await db
    .select({ period: rewardPeriods, paidAt: poolPayouts.paidAt })
    .from(rewardPeriods)
    .leftJoin(poolPayouts, eq(poolPayouts.periodId, rewardPeriods.id))
    .where(eq(rewardPeriods.root, active.earningsRoot));
  if (!row || row.paidAt || (await findShortage(db))) return null;
  return { epochId: active.id, period: row.period };
}
