import { eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { listHeldReceipts } from '#lib/challenges/queries.ts';
import { findRow } from '#lib/platform/chain/sender.ts';
import { lockSettlement, type Period } from './close-period.ts';
import { SettlementNotReadyError } from './errors.ts';
import type { SettlementDeps } from './settlement-deps.ts';
import { takeBackBooking } from './take-back-booking.ts';

/**
 * What challenges mean for a period whose root is not sent yet. While one is undecided the period waits (the check takes
 * seconds). A receipt that was found wrong leaves the period and is paid by none; the others are booked without it. Its fee stays
 * charged: it is not claimed from the payer's channel, or, where it was already, it stays in the ledger contract in nobody's
 * leaf. Returns the period as it is then, null when nothing is left of it. Throws SettlementNotReadyError.
 */
export async function holdChallenged(deps: SettlementDeps, period: Period): Promise<Period | null> {
  const held = await listHeldReceipts(deps.db, period.id);
  if (held.length === 0) return period;
  // A root that is on its way cannot be taken back; its epoch is challenged on chain (lib/challenges/freeze-epoch.ts).
  if (await isSent(deps, period)) return period;
  const undecided = held.find(({ status }) => status === 'queued');
  if (undecided) throw new SettlementNotReadyError(`${undecided.receiptId} is being computed again`, 5);
  const wrong = held.map(({ receiptId }) => receiptId);
  deps.log.error({ period: period.id, receipts: wrong }, 'challenged receipts leave their reward period');
  return deps.db.transaction(async (tx) => {
    await lockSettlement(tx);
    await takeBackBooking(tx, period.id);
    await tx.update(receipts).set({ rewardPeriodId: null }).where(inArray(receipts.id, wrong));
    return withoutReceipts(tx, period);
  });
}

/** Throws SettlementNotReadyError where a challenge came in since `holdChallenged`; the next run deals with it. */
export async function assertUnchallenged(deps: SettlementDeps, period: Period): Promise<void> {
  const [held] = await listHeldReceipts(deps.db, period.id);
  if (!held || (await isSent(deps, period))) return;
  throw new SettlementNotReadyError(`${held.receiptId} is challenged`, 5);
}

async function isSent({ db }: SettlementDeps, period: Period): Promise<boolean> {
  const row = await findRow(db, `submit:${period.id}`);
  return row !== null && row.status !== 'reverted';
}

async function withoutReceipts(tx: DatabaseOrTransaction, period: Period): Promise<Period | null> {
  const [left] = await tx
    .select({ grossWei: sql<string>`coalesce(sum(${receipts.feeWei}), 0)`, receiptCount: sql<number>`count(*)::int` })
    .from(receipts)
    .where(eq(receipts.rewardPeriodId, period.id));
  const grossWei = BigInt(left!.grossWei);
  if (grossWei === 0n) {
    await tx.update(receipts).set({ rewardPeriodId: null }).where(eq(receipts.rewardPeriodId, period.id));
    await tx.delete(rewardPeriods).where(eq(rewardPeriods.id, period.id));
    return null;
  }
  const change = { status: 'closed' as const, grossWei, receiptCount: left!.receiptCount };
  await tx.update(rewardPeriods).set(change).where(eq(rewardPeriods.id, period.id));
  return { ...period, ...change };
}
