import { and, desc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { exampleDerivations, harmFlagRows, harmFlags } from '#db/schema/lineage.ts';
import type { Improvement } from './types.ts';

/** What was made from a row, newest first, at most 50: better versions and translations, also those that wait. */
export async function listImprovements(db: DatabaseOrTransaction, exampleId: string): Promise<Improvement[]> {
  const rows = await db
    .select({
      exampleId: examples.id,
      role: exampleDerivations.role,
      status: examples.status,
      contributor: examples.contributor,
      reviewedAt: examples.reviewedAt,
      withdrawnAt: examples.withdrawnAt,
      takenOutAt: harmFlags.decidedAt,
    })
    .from(exampleDerivations)
    .innerJoin(examples, eq(examples.id, exampleDerivations.exampleId))
    .leftJoin(harmFlagRows, and(eq(harmFlagRows.exampleId, examples.id), eq(harmFlagRows.withdrawn, true)))
    .leftJoin(harmFlags, eq(harmFlags.id, harmFlagRows.flagId))
    .where(eq(exampleDerivations.parentId, exampleId))
    .orderBy(desc(examples.id))
    .limit(50);
  return rows.map(({ withdrawnAt, takenOutAt, contributor, ...row }) => ({
    ...row,
    contributor: contributor as `0x${string}`,
    endedAt: withdrawnAt ?? takenOutAt,
  }));
}
