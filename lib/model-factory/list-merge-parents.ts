import { asc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { mergeParents } from '#db/schema/merges.ts';
import { adapters, models } from '#db/schema/models.ts';
import type { MergeParentView } from './types.ts';

/** The models that a run merges in place of training, in their order; none for a run that trains. One look at an index. */
export async function listMergeParents(db: DatabaseOrTransaction, runId: string): Promise<MergeParentView[]> {
  const rows = await db
    .select({
      ...{ modelId: models.id, slug: models.slug, name: models.name, owner: models.owner },
      ...{
        adapterId: adapters.id,
        trainedBy: adapters.runId,
        adapterSha256: adapters.sha256,
        objectPrefix: adapters.objectPrefix,
      },
      ...{ versionHash: mergeParents.versionHash, weightPpm: mergeParents.weightPpm },
    })
    .from(mergeParents)
    .innerJoin(models, eq(models.id, mergeParents.modelId))
    .innerJoin(adapters, eq(adapters.id, mergeParents.adapterId))
    .where(eq(mergeParents.runId, runId))
    .orderBy(asc(mergeParents.position));
  return rows.map((row) => ({
    ...row,
    owner: row.owner as `0x${string}`,
    adapterSha256: row.adapterSha256 as `0x${string}`,
    versionHash: row.versionHash as `0x${string}`,
  }));
}
