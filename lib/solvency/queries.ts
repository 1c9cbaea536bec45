import { asc, like } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { alarms, reconciliations } from '#db/schema/operations.ts';
import type { Reconciliation, Shortage } from './types.ts';

const prefix = 'short:';

/** The alarm of a contract that holds less than it owes. */
export const shortageKey = (contract: string): string => `${prefix}${contract}`;

/** The last reconciliation of every contract that holds OPEN, by name. */
export async function listReconciliations(db: DatabaseOrTransaction): Promise<Reconciliation[]> {
  return db.select().from(reconciliations).orderBy(asc(reconciliations.contract));
}

/** The contract that is short for the longest time, or null. While there is one no claim is offered. */
export async function findShortage(db: DatabaseOrTransaction): Promise<Shortage | null> {
  const [row] = await db
    .select()
    .from(alarms)
    .where(like(alarms.key, `${prefix}%`))
    .orderBy(asc(alarms.since))
    .limit(1);
  return row ? { contract: row.key.slice(prefix.length), since: row.since } : null;
}
