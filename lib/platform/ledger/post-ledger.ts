import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { ledgerEntries, ledgerTransactions } from '#db/schema/settlement.ts';
import type { LedgerAccount } from './ledger-accounts.ts';

export type LedgerPosting = {
  /** Makes the posting happen once, e.g. `charge:inf_…` or `event:<txHash>:<logIndex>`. */
  key: string;
  kind: string;
  /** Signed wei: + debit, - credit. Must sum to zero; zero amounts are left out. */
  entries: { account: LedgerAccount; amountWei: bigint }[];
  at: Date;
  id: string;
  /** Set for postings that mirror a chain event: a reorg deletes them. */
  blockNumber?: number;
};

/** A period may pay a million accounts: an array a column, because a statement has at most 65,535 parameters. */
const rowsPerInsert = 20_000;

/**
 * Posts one double-entry transaction. Returns false when `key` was posted before (nothing is written then).
 * Throws a RangeError when the entries do not sum to zero: such a posting would create or destroy money.
 */
export async function postLedger(db: DatabaseOrTransaction, posting: LedgerPosting): Promise<boolean> {
  const amounts = new Map<LedgerAccount, bigint>();
  for (const { account, amountWei } of posting.entries) amounts.set(account, (amounts.get(account) ?? 0n) + amountWei);
  const sum = [...amounts.values()].reduce((a, b) => a + b, 0n);
  if (sum !== 0n) throw new RangeError(`ledger posting ${posting.key} sums to ${sum} wei, not zero`);
  const inserted = await db
    .insert(ledgerTransactions)
    .values({
      id: posting.id,
      key: posting.key,
      kind: posting.kind,
      blockNumber: posting.blockNumber ?? null,
      at: posting.at,
    })
    .onConflictDoNothing({ target: ledgerTransactions.key })
    .returning({ id: ledgerTransactions.id });
  if (inserted.length === 0) return false;
  const rows = [...amounts].filter(([, amountWei]) => amountWei !== 0n);
  for (let i = 0; i < rows.length; i += rowsPerInsert) {
    const some = rows.slice(i, i + rowsPerInsert);
    await db.execute(sql`
      insert into ${ledgerEntries} (transaction_id, account, amount_wei)
      select ${posting.id}, entry.* from unnest(${sql.param(some.map(([account]) => account))}::text[],
        ${sql.param(some.map(([, amountWei]) => amountWei.toString()))}::numeric[]) as entry`);
  }
  return true;
}
