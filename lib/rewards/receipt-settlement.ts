import { asc, desc, eq } from 'drizzle-orm';
import { receipts } from '#db/schema/models.ts';
import { rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { listEpochs } from './epochs.ts';
import { toPeriodView } from './queries.ts';
import type { ReceiptSettlement } from './types.ts';

/** How far the money of a receipt has come. An unknown receipt has no period and no lines. */
export async function getReceiptSettlement(
  deps: Pick<Deps, 'db' | 'now'>,
  receiptId: string,
): Promise<ReceiptSettlement> {
  const { db } = deps;
  const [row] = await db
    .select({ period: rewardPeriods })
    .from(receipts)
    .innerJoin(rewardPeriods, eq(rewardPeriods.id, receipts.rewardPeriodId))
    .where(eq(receipts.id, receiptId));
  if (!row) return { period: null, lines: [] };
  const { number, state, activeAt } = toPeriodView(
    row.period,
    await listEpochs(db, await chainNow(deps), { roots: [row.period.root] }),
  );
  const lines = await db
    .select({ account: rewardLines.account, role: rewardLines.role, amountWei: rewardLines.amountWei })
    .from(rewardLines)
    .where(eq(rewardLines.receiptId, receiptId))
    .orderBy(desc(rewardLines.amountWei), asc(rewardLines.account));
  return {
    period: { number, state, activeAt },
    lines: lines.map((line) => ({ ...line, account: line.account as `0x${string}` })),
  };
}
