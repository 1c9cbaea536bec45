import { and, eq, gte, inArray, min } from 'drizzle-orm';
import type { Hex } from 'viem';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { lockSettlement } from './close-period.ts';
import { findChainEpoch } from './find-chain-epoch.ts';
import { getPeriod } from './queries.ts';
import type { SettlementDeps } from './settlement-deps.ts';
import { takeBackBooking } from './take-back-booking.ts';

/**
 * Periods that were revoked on chain because of a receipt that is wrong are settled anew without it: their receipts become open
 * again, and nothing of their booking is carried on. (Earnings of an epoch that was revoked for another reason are not lost: the
 * next period's leaves contain them.) The money is in the ledger contract already, so nothing is collected twice; the chain keeps
 * the revoked root and the object store its data file. Only as long as nothing was built on them: every later period has to be
 * revoked, too, as the contract does it. Returns how many periods were released.
 */
export async function releaseRevoked(deps: SettlementDeps): Promise<number> {
  const first = await findFirstWrong(deps);
  if (first === null) return 0;
  const later = await deps.db
    .select()
    .from(rewardPeriods)
    .where(and(gte(rewardPeriods.number, first), eq(rewardPeriods.status, 'submitted')));
  for (const { root } of later) {
    const epoch = await findChainEpoch(deps, root as Hex);
    if (epoch === 'none' || epoch.state !== 'revoked') return 0;
  }
  const ids = later.map(({ id }) => id);
  deps.log.error({ periods: ids }, 'revoked reward periods are settled anew, without the receipts that were wrong');
  await deps.db.transaction(async (tx) => {
    await lockSettlement(tx);
    for (const id of ids) await takeBackBooking(tx, id);
    await tx.update(receipts).set({ rewardPeriodId: null }).where(inArray(receipts.rewardPeriodId, ids));
    await tx.delete(rewardPeriods).where(inArray(rewardPeriods.id, ids));
  });
  return ids.length;
}

/** Whether there is something to release, by what the indexer has read; two look-ups unless a receipt was found wrong. */
export async function isReleaseDue(deps: Pick<SettlementDeps, 'db' | 'now'>): Promise<boolean> {
  const first = await findFirstWrong(deps);
  return first !== null && (await getPeriod(deps, first)).state === 'revoked';
}

/** Number of the first submitted period with a receipt that a challenge found wrong. */
async function findFirstWrong({ db }: Pick<SettlementDeps, 'db'>): Promise<number | null> {
  const [row] = await db
    .select({ number: min(rewardPeriods.number) })
    .from(rewardPeriods)
    .innerJoin(receipts, eq(receipts.rewardPeriodId, rewardPeriods.id))
    .innerJoin(receiptChallenges, eq(receiptChallenges.receiptId, receipts.id))
    .where(and(eq(rewardPeriods.status, 'submitted'), eq(receiptChallenges.status, 'upheld')));
  return row?.number ?? null;
}
