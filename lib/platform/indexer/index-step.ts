import type { Deps } from '../deps.ts';
import { fetchRange, RangeChangedError } from './fetch-range.ts';
import { findFork, isCanonical, oldestStored, rollBack, storedTip } from './roll-back.ts';
import { storeRange } from './store-range.ts';

export type IndexerDeps = Pick<Deps, 'db' | 'chain' | 'deployment'>;
export type IndexProgress = {
  /** Newest block in the database. */
  height: number;
  /** Newest block of the chain. */
  head: number;
  /** Set when blocks had been replaced: everything above this was forgotten. */
  rolledBackTo?: number;
};

/**
 * One step of the indexer: rolls back what the chain no longer has, else adds at most `batchSize` blocks. Call it until
 * `height === head`, then again whenever time has passed. Safe to kill anywhere: a step is one transaction.
 */
export async function indexStep(
  deps: IndexerDeps,
  { batchSize = 500 }: { batchSize?: number } = {},
): Promise<IndexProgress> {
  const { db, chain, deployment } = deps;
  const before = deployment.startBlock - 1;
  const head = Number(await chain.getBlockNumber());
  const tip = await storedTip(db);
  const oldest = await oldestStored(db);
  // Blocks older than the deployment belong to an earlier one, whose contracts are not ours any more.
  const stale = oldest !== null && oldest.number < deployment.startBlock;
  if (tip && (stale || !(await isCanonical(chain, tip)))) {
    const fork = stale ? null : await findFork(db, chain);
    const rolledBackTo = fork?.number ?? -1;
    await rollBack(db, rolledBackTo);
    return { height: Math.max(rolledBackTo, before), head, rolledBackTo };
  }
  const height = tip?.number ?? before;
  const from = height + 1;
  const to = Math.min(from + batchSize - 1, head);
  if (to < from) return { height, head };
  try {
    const range = await fetchRange(deps, { from, to, parentHash: tip?.hash ?? null });
    await db.transaction((tx) => storeRange(tx, deployment, range));
    return { height: to, head };
  } catch (error) {
    if (error instanceof RangeChangedError) return { height, head }; // the next step sees the fork
    throw error;
  }
}

/** Indexes until the database has caught up with the chain, for tests and scripts. */
export async function indexToHead(deps: IndexerDeps): Promise<IndexProgress> {
  for (;;) {
    const progress = await indexStep(deps);
    if (progress.height >= progress.head && progress.rolledBackTo === undefined) return progress;
  }
}
