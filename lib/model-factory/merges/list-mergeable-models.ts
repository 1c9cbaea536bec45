import { and, asc, eq, sql } from 'drizzle-orm';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { mergeParents } from '#db/schema/merges.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { isLive } from '../chain-facts.ts';
import { findRoyalty } from '../royalties/find-royalty.ts';
import { recipeSchema } from '../schema.ts';
import type { MergeableModel } from '../types.ts';

const listedMax = 100;

/** Number in the registry, and whether it ever announced a royalty; most never do, and need not be asked. */
const registryId = sql<string>`(select e.args ->> 'id' from ${chainEvents} e where e.contract = 'modelRegistry'
  and e.name = 'VersionPublished' and e.subject = ${models.versionHash} order by e.block_number, e.log_index limit 1)`;
const announces = sql<boolean>`exists (select 1 from ${chainEvents} a where a.contract = 'modelRegistry'
  and a.name = 'RoyaltyAnnounced' and a.args ->> 'id' = ${registryId})`;

/** Live models that are no merges, by base and name, with the royalty that each asks now and the one it has announced. */
export async function listMergeableModels(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment' | 'now'>,
): Promise<MergeableModel[]> {
  const isMerged = sql`exists (select 1 from ${mergeParents} p where p.run_id = ${adapters.runId})`;
  const rows = await deps.db
    .select({
      ...{ slug: models.slug, name: models.name, owner: models.owner },
      ...{ baseModel: adapters.baseModel, evalLoss: adapters.evalLoss, baseEvalLoss: adapters.baseEvalLoss },
      ...{ recipe: trainingRuns.recipe, datanet: datanets.title, license: datanets.license },
      ...{ registryId, announces, access: sql<MergeableModel['access']>`model_access(${models.id})` },
    })
    .from(models)
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(and(isLive, sql`not ${isMerged}`))
    .orderBy(asc(adapters.baseModel), asc(models.name))
    .limit(listedMax);
  return Promise.all(
    rows.map(async ({ recipe, registryId, announces, ...row }) => {
      const royalty = announces ? await findRoyalty(deps, registryId) : { bps: 0, next: null };
      return {
        ...row,
        owner: row.owner as `0x${string}`,
        rank: recipeSchema.parse(recipe).lora.r,
        royaltyBps: royalty.bps,
        nextRoyalty: royalty.next,
      };
    }),
  );
}
