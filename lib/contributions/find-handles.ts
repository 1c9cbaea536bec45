import { inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { handles } from '#db/schema/handles.ts';
import { isHandleAccount } from '#lib/kernel/handle-account.ts';

/** The names of those accounts that are handles', by account. One index look-up for each of them, none for wallets. */
export async function findHandles(
  db: DatabaseOrTransaction,
  accounts: readonly string[],
): Promise<Map<string, string>> {
  const own = [...new Set(accounts.filter(isHandleAccount))];
  if (own.length === 0) return new Map();
  const rows = await db.select().from(handles).where(inArray(handles.account, own));
  return new Map(rows.map(({ account, handle }) => [account, handle]));
}
