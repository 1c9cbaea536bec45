import { and, eq, inArray, notExists, notInArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { exampleAuthors } from '#db/schema/handles.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { adapterCopies } from '#db/schema/models.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import type { RowGroup } from '#lib/kernel/answer-payout.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';

type Place = { adapterId: string; versionId: string };

/**
 * The version's original rows with their people. Rows that one person sent and nobody improved are alike by who sent and who
 * accepted them, and counted; the others come one by one, with their id. A row that was withdrawn since is still one of them.
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
  const alike = await db
    .select({ contributor: examples.contributor, reviewedBy: examples.reviewedBy, rows: sql<string>`count(*)` })
    .from(examples)
    .where(and(inArray(examples.id, originals), notInArray(examples.id, others)))
    .groupBy(examples.contributor, examples.reviewedBy);
  const ids = (await others).map(({ id }) => id);
  return [
    ...alike.map(({ contributor, reviewedBy, rows }) => ({
      ...{ exampleId: null, rows: Number(rows), lineage: collected(contributor, reviewedBy) },
    })),
    ...[...(await findRoles(db, ids))].map(([exampleId, lineage]) => ({ exampleId, rows: 1, lineage })),
  ];
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

/** As `findRoles` says it of a row that nobody improved; rows of a version were accepted. */
function collected(contributor: string, reviewedBy: string | null): LineageAct[] {
  const collect: LineageAct = { role: 'collect', account: contributor as `0x${string}` };
  return reviewedBy ? [collect, { role: 'review', account: reviewedBy as `0x${string}` }] : [collect];
}
