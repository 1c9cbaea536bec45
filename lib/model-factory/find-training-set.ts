import { eq } from 'drizzle-orm';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { chooseTrainingSet, type DatasetRule, type TrainingSet } from './choose-training-set.ts';
import { listCopies } from './copies.ts';
import { listMergeParents } from './list-merge-parents.ts';
import { chooseMergedSet } from './merges/choose-merged-set.ts';
import { readVersionRows, type VersionRow } from './read-version-rows.ts';
import type { MergeParentView } from './types.ts';

/** What an adapter was made of. `contributors` by the id of every row of the version. */
export type AdapterRows = TrainingSet & {
  datanetId: string;
  contributors: ReadonlyMap<string, `0x${string}`>;
};

/**
 * The rows that an adapter was trained on and those that were held out, by the rule that its manifest names and the copies
 * that were found then; null when there is no such adapter. Reads the version's object, all in memory.
 */
export async function findTrainingSet(
  deps: Pick<Deps, 'db' | 'store'>,
  adapterId: string,
): Promise<AdapterRows | null> {
  const [found] = await deps.db
    .select({ adapter: adapters, version: datanetVersions, fields: datanets.fields })
    .from(adapters)
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(adapters.id, adapterId));
  if (!found) return null;
  const { version, fields } = found;
  const rows: VersionRow[] = await readVersionRows(deps, version);
  const set = await readSet(deps, found.adapter, { rows, fields, root: version.root as `0x${string}` });
  const contributors = new Map(rows.map(({ id, contributor }) => [id, contributor]));
  return { ...set, datanetId: version.datanetId, contributors };
}

async function readSet(
  deps: Pick<Deps, 'db' | 'store'>,
  { id, runId, manifest }: typeof adapters.$inferSelect,
  version: Parameters<typeof chooseTrainingSet>[1],
): Promise<TrainingSet> {
  const recorded = { findCopies: () => listCopies(deps.db, id) };
  const { rule = 'all-rows/1' } = (manifest as { dataset?: { rule?: DatasetRule | 'merged/1' } | null }).dataset ?? {};
  if (rule !== 'merged/1') return chooseTrainingSet(recorded, version, rule);
  return chooseMergedSet(recorded, version, await findMergedSets(deps, await listMergeParents(deps.db, runId)));
}

/** The sets of the models that a run merges. */
export async function findMergedSets(
  deps: Pick<Deps, 'db' | 'store'>,
  parents: readonly MergeParentView[],
): Promise<TrainingSet[]> {
  const sets: TrainingSet[] = [];
  for (const { adapterId } of parents) sets.push((await findTrainingSet(deps, adapterId))!);
  return sets;
}
