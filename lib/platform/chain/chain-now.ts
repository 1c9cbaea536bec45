import { desc } from 'drizzle-orm';
import { chainBlocks } from '#db/schema/settlement.ts';
import type { Deps } from '../deps.ts';

/** A chain without a block for this long makes them only when somebody sends something. */
const idleAfterMs = 60_000;

/**
 * The chain's time, by which the contract judges: its newest indexed block's, because a wallet simulates a claim there. On a
 * chain that makes no blocks when idle it is ours: the block of the next transaction will carry the present.
 */
export async function chainNow(deps: Pick<Deps, 'db' | 'now'>): Promise<Date> {
  const [tip] = await deps.db
    .select({ timestamp: chainBlocks.timestamp })
    .from(chainBlocks)
    .orderBy(desc(chainBlocks.number))
    .limit(1);
  const now = deps.now();
  const blockTime = new Date((tip?.timestamp ?? 0) * 1000);
  return now.getTime() - blockTime.getTime() > idleAfterMs ? now : blockTime;
}
