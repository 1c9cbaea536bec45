import { asc, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { mixParts } from '#db/schema/mixes.ts';
import type { PeriodTerms } from './period-schema.ts';

/** Those of the versions that are mixes, by their parts, with what a pass reads of each: rows times tenths. */
export async function loadMixes(
  db: DatabaseOrTransaction,
  versionIds: readonly string[],
): Promise<NonNullable<PeriodTerms['mixes']>> {
  const rows = await db
    .select({
      mixId: mixParts.mixId,
      partId: mixParts.versionId,
      tenths: mixParts.tenths,
      rows: datanetVersions.rowCount,
    })
    .from(mixParts)
    .innerJoin(datanetVersions, eq(datanetVersions.id, mixParts.versionId))
    .where(inArray(mixParts.mixId, [...versionIds]))
    .orderBy(asc(mixParts.mixId), asc(mixParts.position));
  const mixes: NonNullable<PeriodTerms['mixes']> = {};
  for (const { mixId, partId, tenths, rows: count } of rows) {
    mixes[mixId] ??= [];
    mixes[mixId]!.push([partId, count * tenths]);
  }
  return mixes;
}
