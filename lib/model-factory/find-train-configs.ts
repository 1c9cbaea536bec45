import { asc, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { mergeParents } from '#db/schema/merges.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { type MergedVersion, trainConfigOf } from './lineage.ts';

/** `text`: what the version's `trainConfigHash` on chain is over. `merged`: the versions that it names with their weights, none but of a merge. */
export type TrainConfig = { text: string; merged: MergedVersion[] };

/** How these models were made, by model. */
export async function findTrainConfigs(
  db: DatabaseOrTransaction,
  modelIds: readonly string[],
): Promise<Map<string, TrainConfig>> {
  const made = await db
    .select({ modelId: models.id, run: trainingRuns, version: datanetVersions })
    .from(models)
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .where(inArray(models.id, [...modelIds]));
  const runIds = made.map(({ run }) => run.id);
  const parents = await db
    .select()
    .from(mergeParents)
    .where(inArray(mergeParents.runId, runIds))
    .orderBy(asc(mergeParents.position));
  return new Map(
    made.map(({ modelId, run, version }) => {
      const merged = parents
        .filter(({ runId }) => runId === run.id)
        .map(({ versionHash, weightPpm }) => ({ versionHash: versionHash as `0x${string}`, weightPpm }));
      return [modelId, { text: canonicalJson(trainConfigOf({ run, version, merged })), merged }];
    }),
  );
}
