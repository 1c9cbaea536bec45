import { eq } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { claimProof } from '#lib/kernel/epoch-root.ts';
import { buildTree, type MerkleTree } from '#lib/kernel/merkle.ts';
import { earningsLeaf } from '#lib/kernel/merkle-leaf.ts';
import { loadLeaves } from './load-period-data.ts';
import type { ClaimCall, RewardLeaf } from './types.ts';

type PeriodTree = { leaves: RewardLeaf[]; indexOf: Map<string, number>; tree: MerkleTree };

/** Trees of the newest roots: a root never changes its leaves, and building one over 100,000 accounts takes a second. */
const cachedTrees = new Map<string, PeriodTree>();
const cachedTreesMax = 4;

/** The arguments of `claim` for an account in a period's root, or null when it has no leaf there. */
export async function findClaim(
  db: DatabaseOrTransaction,
  input: { root: string; epochId: number; account: `0x${string}` },
): Promise<ClaimCall | null> {
  const [period] = await db.select().from(rewardPeriods).where(eq(rewardPeriods.root, input.root));
  if (!period) return null;
  const { leaves, indexOf, tree } = await treeOf(db, period);
  const index = indexOf.get(input.account.toLowerCase());
  if (index === undefined) return null;
  const { account, cumulativeWei } = leaves[index]!;
  const proof = claimProof(tree, index, period.receiptsRoot as Hex);
  return { epochId: input.epochId, account, cumulativeWei, proof };
}

async function treeOf(db: DatabaseOrTransaction, period: { id: string; root: string }): Promise<PeriodTree> {
  const cached = cachedTrees.get(period.root);
  if (cached) return cached;
  const leaves = await loadLeaves(db, period.id);
  const tree = buildTree(leaves.map((leaf) => earningsLeaf(leaf.account, leaf.cumulativeWei)));
  const built = { leaves, tree, indexOf: new Map(leaves.map((leaf, i) => [leaf.account as string, i])) };
  if (cachedTrees.size >= cachedTreesMax) cachedTrees.delete(cachedTrees.keys().next().value!);
  cachedTrees.set(period.root, built);
  return built;
}
