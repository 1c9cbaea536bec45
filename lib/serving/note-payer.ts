import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPayers } from '#db/schema/model-payers.ts';

/** Remembers that an account paid for an answer of the model. Written once a day an account, so that answers wait for no lock. */
export async function notePayer(tx: DatabaseOrTransaction, modelId: string, payer: string, now: Date): Promise<void> {
  const at = now.toISOString();
  await tx.execute(sql`
    insert into ${modelPayers} (family_id, payer, last_paid_at)
    values (family_of(${modelId}), ${payer.toLowerCase()}, ${at}::timestamptz)
    on conflict (family_id, payer) do update set last_paid_at = excluded.last_paid_at
    where model_payers.last_paid_at < excluded.last_paid_at - interval '1 day'`);
}
