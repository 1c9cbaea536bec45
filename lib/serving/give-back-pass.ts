import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';

/** An answer that was not given is none of its pass. In the transaction that ends the answer, behind its channel's lock. */
export async function giveBackPass(tx: DatabaseOrTransaction, passId: string | null): Promise<void> {
  if (passId !== null) await tx.execute(sql`select give_back_pass(${passId})`);
}
