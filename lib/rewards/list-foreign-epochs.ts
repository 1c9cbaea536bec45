import { inArray } from 'drizzle-orm';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { listEpochs } from './epochs.ts';
import type { ForeignEpoch } from './types.ts';

/** More would mean that somebody pays a bond for each to fill the page; the explorer has them all. */
const shown = 10;

/**
 * Epochs of the ledger that are none of our reward periods: posted by another publisher, or revoked and settled anew
 * (release-revoked.ts). Newest first. Nobody here answers for them, so that whoever could challenge one must see it.
 */
export async function listForeignEpochs({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<ForeignEpoch[]> {
  const epochs = await listEpochs(db, await chainNow({ db, now }));
  const roots = epochs.map((epoch) => epoch.earningsRoot);
  if (roots.length === 0) return [];
  const ours = await db
    .select({ root: rewardPeriods.root })
    .from(rewardPeriods)
    .where(inArray(rewardPeriods.root, roots));
  const known = new Set(ours.map(({ root }) => root));
  return epochs.filter((epoch) => !known.has(epoch.earningsRoot)).slice(0, shown);
}
