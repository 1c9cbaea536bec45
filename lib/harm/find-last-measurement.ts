import { count, desc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { harmContributors, harmMeasurements } from '#db/schema/lineage.ts';
import type { HarmMeasurement } from './types.ts';

/** When the rows of a Datanet were last held against other people's answers, or null. Index look-ups. */
export async function findLastMeasurement(
  db: DatabaseOrTransaction,
  datanetId: string,
): Promise<HarmMeasurement | null> {
  const [last] = await db
    .select()
    .from(harmMeasurements)
    .where(eq(harmMeasurements.datanetId, datanetId))
    .orderBy(desc(harmMeasurements.measuredAt), desc(harmMeasurements.adapterId))
    .limit(1);
  if (!last) return null;
  const { adapterId, probes, rows, measuredAt } = last;
  const [people] = await db
    .select({ contributors: count() })
    .from(harmContributors)
    .where(eq(harmContributors.adapterId, adapterId));
  return { adapterId, probes, rows, measuredAt, contributors: people?.contributors ?? 0 };
}
