import { and, desc, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainBlocks, chainEvents } from '#db/schema/settlement.ts';
import type { Slash } from './types.ts';

type Hex = `0x${string}`;

/** What was ever taken from a pool, newest first, at most `limit`. */
export async function listSlashes(db: DatabaseOrTransaction, pool: Hex, limit = 100): Promise<Slash[]> {
  const rows = await db
    .select({ args: chainEvents.args, txHash: chainEvents.txHash, timestamp: chainBlocks.timestamp })
    .from(chainEvents)
    .leftJoin(chainBlocks, eq(chainBlocks.number, chainEvents.blockNumber))
    .where(
      and(
        eq(chainEvents.contract, 'stakePools'),
        inArray(chainEvents.name, ['Slashed', 'AccountSlashed']),
        eq(chainEvents.subject, pool.toLowerCase()),
      ),
    )
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex))
    .limit(limit);
  return rows.map(({ args, txHash, timestamp }) => ({
    account: (args.account as Hex | undefined) ?? null,
    by: String(args.by) as Hex,
    to: String(args.to) as Hex,
    bps: Number(args.bps),
    takenWei: BigInt(String(args.taken)),
    reason: String(args.reason) as Hex,
    txHash: txHash as Hex,
    at: timestamp === null ? null : new Date(timestamp * 1000),
  }));
}
