import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import type { EarnerRow } from './types.ts';

/** Accounts that earned in settled reward periods, most first; at most 200. */
export async function listEarners(db: DatabaseOrTransaction): Promise<EarnerRow[]> {
  const result = await db.execute<{ account: `0x${string}`; earned: string; answers: number }>(sql`
    select account, sum(amount_wei)::text as earned, count(distinct receipt_id)::int as answers
    from ${rewardLines} where amount_wei > 0
    group by account order by sum(amount_wei) desc, account limit 200`);
  return result.rows.map((row) => ({ account: row.account, earnedWei: BigInt(row.earned), answers: row.answers }));
}

export async function countEarners(db: DatabaseOrTransaction): Promise<number> {
  const result = await db.execute<{ n: number }>(
    sql`select count(distinct account)::int as n from ${rewardLines} where amount_wei > 0`,
  );
  return result.rows[0]?.n ?? 0;
}
