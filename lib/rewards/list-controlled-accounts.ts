import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';

type Hex = `0x${string}`;

/**
 * Accounts whose earnings are paid to `recipient`: handles that are bound to it, wallets that were moved to it. The newest
 * RecipientSet of an account counts. Cost: the changes of those accounts that ever named it.
 */
export async function listControlledAccounts(db: DatabaseOrTransaction, recipient: string, limit = 50): Promise<Hex[]> {
  const { rows } = await db.execute<{ account: Hex }>(sql`
    select account from (
      select distinct on (e.subject) e.subject as account, e.args ->> 'recipient' as recipient
      from ${chainEvents} e
      where e.contract = 'attributionLedger' and e.name = 'RecipientSet' and e.subject in (
        select o.subject from ${chainEvents} o where o.contract = 'attributionLedger' and o.name = 'RecipientSet'
          and o.args ->> 'recipient' = ${recipient.toLowerCase()})
      order by e.subject, e.block_number desc, e.log_index desc
    ) newest where recipient = ${recipient.toLowerCase()} order by account limit ${limit}`);
  return rows.map(({ account }) => account);
}
