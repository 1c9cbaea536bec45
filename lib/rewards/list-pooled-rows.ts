import { and, eq, inArray, notExists, notInArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { exampleAuthors } from '#db/schema/handles.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { adapterCopies } from '#db/schema/models.ts';
import { findRoles, rolesOfCollected } from '#lib/contributions/find-roles.ts';
import type { RowGroup } from '#lib/kernel/answer-payout.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';

type Place = { adapterId: string; versionId: string };

/**
 * The version's original rows with their people. Rows that one person sent and nobody improved are alike by who sent and who
 * accepted them, and counted; the others come one by one, with their id. A row that was withdrawn since is still one of them. In a mix a row
 * counts as often as a pass reads it, in tenths, so that a large part that is hardly read takes nothing from the others.
 * Cost: one pass over the version's rows.
 */
export async function listPooledRows(db: DatabaseOrTransaction, place: Place): Promise<RowGroup[]> {
  const originals = originalRows(db, place);
  const others = db
    .select({ id: exampleDerivations.exampleId })
    .from(exampleDerivations)
    .where(inArray(exampleDerivations.exampleId, originals))
    .union(
      db
        .select({ id: exampleAuthors.exampleId })
        .from(exampleAuthors)
        .where(inArray(exampleAuthors.exampleId, originals)),
    );
  const { weight, weightsOf } = await weighing(db, place.versionId);
  const alike = await db
    .select({ contributor: examples.contributor, reviewedBy: examples.reviewedBy, rows: sql<string>`sum(${weight})` })
    .from(examples)
    .where(and(inArray(examples.id, originals), notInArray(examples.id, others)))
    .groupBy(examples.contributor, examples.reviewedBy);
  const ids = (await others).map(({ id }) => id);
  const weights = await weightsOf(ids);
  return [
    ...alike.map(({ contributor, reviewedBy, rows }) => ({
      ...{ exampleId: null, rows: Number(rows), lineage: rolesOfCollected(contributor, reviewedBy) },
    })),
    ...[...(await findRoles(db, ids))].map(([exampleId, lineage]) => ({
      exampleId,
      rows: weights.get(exampleId) ?? 1,
      lineage,
    })),
  ];
}

/** What a row of the version counts: 1, or in a mix the weight of its part. */
async function weighing(db: DatabaseOrTransaction, versionId: string) {
  const parts = await listMixParts(db, versionId);
  if (parts.length === 0) return { weight: sql`1`, weightsOf: async () => new Map<string, number>() };
  const cases = parts.map(({ datanet, tenths }) => sql`when ${datanet.id} then ${tenths}::int`);
  const weight = sql<number>`case ${examples.datanetId} ${sql.join(cases, sql` `)} end`;
  const weightsOf = async (ids: string[]): Promise<Map<string, number>> => {
    const rows = await db.select({ id: examples.id, weight }).from(examples).where(inArray(examples.id, ids));
    return new Map(rows.map((row) => [row.id, row.weight]));
  };
  return { weight, weightsOf };
}

function originalRows(db: DatabaseOrTransaction, { adapterId, versionId }: Place) {
  const copied = db
    .select({ one: sql`1` })
    .from(adapterCopies)
    .where(and(eq(adapterCopies.adapterId, adapterId), eq(adapterCopies.exampleId, versionExamples.exampleId)));
  return db
    .select({ id: versionExamples.exampleId })
    .from(versionExamples)
    .where(and(eq(versionExamples.versionId, versionId), notExists(copied)));
}
