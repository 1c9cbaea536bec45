import { and, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { replacesParent } from './rules.ts';

/**
 * A row that stood in the Datanet was taken out: the row that it had replaced stands again, so that improving and then
 * withdrawing cannot remove what somebody else contributed. Where that one was taken out too, the one before it. Call it in
 * the transaction that takes the row out, only for rows that were accepted. Returns the row that stands again, or null.
 */
export async function givePlaceBack(tx: DatabaseOrTransaction, exampleId: string): Promise<string | null> {
  const [origin] = await tx
    .select({ parentId: exampleDerivations.parentId, role: exampleDerivations.role })
    .from(exampleDerivations)
    .where(eq(exampleDerivations.exampleId, exampleId));
  if (!origin || !replacesParent(origin.role)) return null;
  const restored = await tx
    .update(examples)
    .set({ status: 'accepted' })
    .where(and(eq(examples.id, origin.parentId), eq(examples.status, 'superseded')))
    .returning({ id: examples.id });
  return restored[0]?.id ?? givePlaceBack(tx, origin.parentId);
}
