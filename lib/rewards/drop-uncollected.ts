import { eq, inArray } from 'drizzle-orm';
import type { Hex } from 'viem';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { readChannelStates } from './channel-states.ts';
import { lockSettlement, type Period, takenByPeriods } from './close-period.ts';
import { loadChannelIds, loadCharges } from './load-period-data.ts';
import { coveredReceipts } from './rules.ts';
import type { SettlementDeps } from './settlement-deps.ts';

/**
 * Fourth step: takes receipts out of the period whose money did not come (a payer's withdrawal ended before our claim).
 * They stay open: a later deposit can still cover them. Returns the period as it is then, or null when nothing is left.
 */
export async function dropUncollected(deps: SettlementDeps, period: Period): Promise<Period | null> {
  const ids = await loadChannelIds(deps.db, period.id);
  const states = await readChannelStates(deps, ids);
  const claimed = new Map(ids.map((id): [Hex, bigint] => [id, states.get(id)!.claimedWei]));
  return deps.db.transaction(async (tx) => {
    await lockSettlement(tx);
    const [current] = await tx.select().from(rewardPeriods).where(eq(rewardPeriods.id, period.id));
    if (current?.status !== 'closed') return current ?? null; // another run went on already
    const rows = await loadCharges(tx, period.id);
    const takenBefore = await takenByPeriods(tx, ids);
    for (const { channelId, feeWei } of rows) {
      if (channelId) takenBefore.set(channelId, (takenBefore.get(channelId) ?? 0n) - feeWei);
    }
    const kept = coveredReceipts(rows, takenBefore, claimed);
    if (kept.length === rows.length) return period;
    const keptIds = new Set(kept.map((receipt) => receipt.id));
    const dropped = rows.filter((receipt) => !keptIds.has(receipt.id)).map((receipt) => receipt.id);
    deps.log.warn({ period: period.id, dropped: dropped.length }, 'receipts without money wait for a deposit');
    await tx.update(receipts).set({ rewardPeriodId: null }).where(inArray(receipts.id, dropped));
    const grossWei = kept.reduce((sum, receipt) => sum + receipt.feeWei, 0n);
    if (grossWei === 0n) {
      await tx.update(receipts).set({ rewardPeriodId: null }).where(eq(receipts.rewardPeriodId, period.id));
      await tx.delete(rewardPeriods).where(eq(rewardPeriods.id, period.id));
      return null;
    }
    const change = { grossWei, receiptCount: kept.length };
    await tx.update(rewardPeriods).set(change).where(eq(rewardPeriods.id, period.id));
    return { ...period, ...change };
  });
}
