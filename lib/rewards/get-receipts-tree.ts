import { asc, eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardDatanetFees } from '#db/schema/datanet-fees.ts';
import { receipts } from '#db/schema/models.ts';
import { packDatanetFeeLeaves } from '#lib/kernel/datanet-fee-leaf.ts';
import { buildTree, type MerkleTree } from '#lib/kernel/merkle.ts';
import { packReceiptLeaves } from '#lib/kernel/merkle-leaf.ts';

/** A booked period's receipts and, after them, its fees by Datanet. */
export type ReceiptsTree = {
  tree: MerkleTree;
  receiptIndex: Map<string, number>;
  fees: { datanet: bigint; cumulativeWei: bigint; index: number }[];
};

/** Trees of the newest roots: a booked period's receipts never change, and hashing a million of them takes seconds. */
const cachedTrees = new Map<string, ReceiptsTree>();
const cachedTreesMax = 4;

/** The tree under a period's receipts root. */
export async function getReceiptsTree(
  db: DatabaseOrTransaction,
  period: { id: string; receiptsRoot: string },
): Promise<ReceiptsTree> {
  const cached = cachedTrees.get(period.receiptsRoot);
  if (cached) return cached;
  const rows = await db
    .select({ id: receipts.id, hash: receipts.hash, feeWei: receipts.feeWei })
    .from(receipts)
    .where(eq(receipts.rewardPeriodId, period.id))
    .orderBy(asc(receipts.id));
  const fees = await db.select().from(rewardDatanetFees).where(eq(rewardDatanetFees.periodId, period.id));
  const known = fees.map(({ datanet, cumulativeWei }) => ({ datanet: BigInt(datanet), cumulativeWei }));
  const packed = [
    packReceiptLeaves(rows.map((row) => ({ hash: row.hash as Hex, feeWei: row.feeWei }))),
    packDatanetFeeLeaves(known),
  ];
  const built = {
    tree: buildTree(new Uint8Array(Buffer.concat(packed))),
    receiptIndex: new Map(rows.map((row, i) => [row.id, i])),
    fees: known.map((fee, i) => ({ ...fee, index: rows.length + i })),
  };
  if (cachedTrees.size >= cachedTreesMax) cachedTrees.delete(cachedTrees.keys().next().value!);
  cachedTrees.set(period.receiptsRoot, built);
  return built;
}
