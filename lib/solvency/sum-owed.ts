import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { tokenFlows } from './token-flows.ts';

/**
 * What each contract should hold by its events up to block `height`, wei; contracts without an event are not in it. One scan
 * over the events that move tokens.
 */
export async function sumOwed(db: DatabaseOrTransaction, height: number): Promise<Map<string, bigint>> {
  const rules = tokenFlows.map(({ contract, event, entered, amount, only }) => {
    const [arg, value] = only ?? [null, null];
    return sql`(${contract}, ${event}, ${entered ? 1 : -1}::int, ${amount}, ${arg}::text, ${value}::text)`;
  });
  const { rows } = await db.execute<{ contract: string; wei: string }>(sql`
    select e.contract, sum(f.sign * (e.args ->> f.amount)::numeric) as wei
    from ${chainEvents} e
    join (values ${sql.join(rules, sql`, `)}) as f (contract, name, sign, amount, arg, value)
      on f.contract = e.contract and f.name = e.name and (f.arg is null or e.args ->> f.arg = f.value)
    where e.block_number <= ${height}
    group by e.contract`);
  return new Map(rows.map((row) => [row.contract, BigInt(row.wei)]));
}
