import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { tokenFlows } from './token-flows.ts';

/**
 * What each contract should hold by its events up to block `height`, wei; contracts without an event are not in it. One scan
 * over the events that move tokens.
 */
export async function sumOwed(db: DatabaseOrTransaction, height: number): Promise<Map<string, bigint>> {
  const rules = tokenFlows.map(({ contract, event, entered, amount, only, forEach }) => {
    const [arg, value] = only ?? [null, null];
    const elements = forEach ? `${forEach}.%` : null; // elements of lists are stored as `name.0`, `name.1`, …
    return sql`(${contract}, ${event}, ${entered ? 1 : -1}::int, ${amount}, ${arg}::text, ${value}::text, ${elements}::text)`;
  });
  const times = sql`case when f.elements is null then 1
    else (select count(*) from jsonb_object_keys(e.args) as key where key like f.elements) end`;
  const { rows } = await db.execute<{ contract: string; wei: string }>(sql`
    select e.contract, sum(f.sign * (e.args ->> f.amount)::numeric * ${times}) as wei
    from ${chainEvents} e
    join (values ${sql.join(rules, sql`, `)}) as f (contract, name, sign, amount, arg, value, elements)
      on f.contract = e.contract and f.name = e.name and (f.arg is null or e.args ->> f.arg = f.value)
    where e.block_number <= ${height}
    group by e.contract`);
  return new Map(rows.map((row) => [row.contract, BigInt(row.wei)]));
}
