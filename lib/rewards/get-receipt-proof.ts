import { eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import type { ReceiptSettlementProof } from '#lib/kernel/verification/receipt-evidence.ts';
import { getReceiptsTree } from './get-receipts-tree.ts';

/** The proof that a receipt is in its reward period; null before the period is booked. `dataKey` is the period's file. */
export async function getReceiptProof(
  db: DatabaseOrTransaction,
  receiptId: string,
): Promise<(ReceiptSettlementProof & { dataKey: string }) | null> {
  const [row] = await db
    .select({ period: rewardPeriods })
    .from(receipts)
    .innerJoin(rewardPeriods, eq(rewardPeriods.id, receipts.rewardPeriodId))
    .where(eq(receipts.id, receiptId));
  if (!row || row.period.status === 'closed') return null;
  const { id, number, root, receiptsRoot, dataKey } = row.period;
  const { tree, receiptIndex } = await getReceiptsTree(db, { id, receiptsRoot });
  const index = receiptIndex.get(receiptId);
  if (index === undefined) return null;
  return {
    ...{ period: number, dataKey, earningsRoot: root as Hex, receiptsRoot: receiptsRoot as Hex },
    proof: tree.proofFor(index),
  };
}
