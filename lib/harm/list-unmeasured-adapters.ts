import { asc, eq, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { harmMeasurements } from '#db/schema/lineage.ts';
import { adapters, models } from '#db/schema/models.ts';

/** Adapters of listed models that the harm ledger has not measured, oldest first, at most 20: what nobody lists costs nothing. */
export async function listUnmeasuredAdapters(db: DatabaseOrTransaction): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: adapters.id })
    .from(models)
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .leftJoin(harmMeasurements, eq(harmMeasurements.adapterId, adapters.id))
    .where(isNull(harmMeasurements.adapterId))
    .orderBy(asc(adapters.id))
    .limit(20);
  return rows.map(({ id }) => id);
}
