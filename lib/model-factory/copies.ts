import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { adapterCopies } from '#db/schema/models.ts';
import type { CopyOf } from './training-engine.ts';

/** Keeps which rows an adapter was not trained on. They travel as one value, so that many rows are no many parameters. */
export async function insertCopies(tx: DatabaseOrTransaction, adapterId: string, copies: CopyOf[]): Promise<void> {
  if (copies.length === 0) return;
  await tx.execute(sql`
    insert into ${adapterCopies} (adapter_id, example_id, copy_of, kind)
    select ${adapterId}, id, "copyOf", kind
    from jsonb_to_recordset(${JSON.stringify(copies)}::jsonb) as copy(id text, "copyOf" text, kind text)
    on conflict do nothing`);
}

/** The rows that an adapter was not trained on. */
export function listCopies(db: DatabaseOrTransaction, adapterId: string): Promise<CopyOf[]> {
  const { exampleId: id, copyOf, kind } = adapterCopies;
  return db.select({ id, copyOf, kind }).from(adapterCopies).where(eq(adapterCopies.adapterId, adapterId));
}
