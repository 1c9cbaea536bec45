import { eq, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { readChannelStates } from './channel-states.ts';
import { lockSettlement, type Period, takenByPeriods } from './close-period.ts';
import { listCharges } from './list-charges.ts';
import { loadChannelIds } from './load-period-data.ts';
import { receiptCover } from './rules.ts';
import type { SettlementDeps } from './settlement-deps.ts';
import { sumCharges } from './sum-charges.ts';

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
    const ofPeriod = eq(receipts.rewardPeriodId, period.id);
    const isCovered = receiptCover(await takenBefore(tx, ids, period.id), claimed);
    const dropped: string[] = [];
    let grossWei = 0n;
    for await (const page of listCharges(tx, ofPeriod)) {
      for (const receipt of page) {
        if (isCovered(receipt)) grossWei += receipt.feeWei;
        else dropped.push(receipt.id);
      }
    }
    if (dropped.length === 0) return period;
    deps.log.warn({ period: period.id, dropped: dropped.length }, 'receipts without money wait for a deposit');
    await tx
      .update(receipts)
      .set({ rewardPeriodId: null })
      .where(sql`${receipts.id} = any(${sql.param(dropped)})`);
    if (grossWei === 0n) {
      await tx.update(receipts).set({ rewardPeriodId: null }).where(ofPeriod);
      await tx.delete(rewardPeriods).where(eq(rewardPeriods.id, period.id));
      return null;
    }
    const change = { grossWei, receiptCount: current.receiptCount - dropped.length };
    await tx.update(rewardPeriods).set(change).where(eq(rewardPeriods.id, period.id));
    return { ...period, ...change };
  });
}

/** What the periods before this one took of its channels. */
async function takenBefore(
  tx: DatabaseOrTransaction,
  ids: readonly Hex[],
  periodId: string,
): Promise<Map<Hex, bigint>> {
  const taken = await takenByPeriods(tx, ids);
  const own = await sumCharges(tx, eq(receipts.rewardPeriodId, periodId));
  for (const [id, feeWei] of own) taken.set(id, (taken.get(id) ?? 0n) - feeWei);
  return taken;
}
