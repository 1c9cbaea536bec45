import { asc, eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { buildTree, type MerkleTree } from '#lib/kernel/merkle.ts';
import { receiptLeaf } from '#lib/kernel/merkle-leaf.ts';
import type { ReceiptSettlementProof } from '#lib/kernel/verification/receipt-evidence.ts';

type ReceiptsTree = { tree: MerkleTree; indexOf: Map<string, number> };

/** Trees of the newest roots: a booked period's receipts never change, and hashing 20,000 of them takes some 100 ms. */
const cachedTrees = new Map<string, ReceiptsTree>();
const cachedTreesMax = 8;

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
  const { tree, indexOf } = await treeOf(db, id, receiptsRoot);
  const index = indexOf.get(receiptId);
  if (index === undefined) return null;
  return {
    ...{ period: number, dataKey, earningsRoot: root as Hex, receiptsRoot: receiptsRoot as Hex },
    proof: tree.proofFor(index),
  };
}

async function treeOf(db: DatabaseOrTransaction, periodId: string, receiptsRoot: string): Promise<ReceiptsTree> {
  const cached = cachedTrees.get(receiptsRoot);
  if (cached) return cached;
  const rows = await db
    .select({ id: receipts.id, hash: receipts.hash, feeWei: receipts.feeWei })
    .from(receipts)
    .where(eq(receipts.rewardPeriodId, periodId))
    .orderBy(asc(receipts.id));
  const built = {
    tree: buildTree(rows.map((row) => receiptLeaf(row.hash as Hex, row.feeWei))),
    indexOf: new Map(rows.map((row, i) => [row.id, i])),
  };
  if (cachedTrees.size >= cachedTreesMax) cachedTrees.delete(cachedTrees.keys().next().value!);
  cachedTrees.set(receiptsRoot, built);
  return built;
}
