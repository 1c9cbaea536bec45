import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { type DatanetField, datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { chooseTrainingSet, type DatasetRule } from '#lib/model-factory/choose-training-set.ts';
import { findMergedSets } from '#lib/model-factory/find-training-set.ts';
import { listMergeParents } from '#lib/model-factory/list-merge-parents.ts';
import { chooseMergedSet } from '#lib/model-factory/merges/choose-merged-set.ts';
import { fetchAdapters } from '#lib/model-factory/merges/fetch-adapters.ts';
import { readVersionRows } from '#lib/model-factory/read-version-rows.ts';
import type { TrainingEngine } from '#lib/model-factory/training-engine.ts';
import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import { parseManifest, type RecordedRun } from './reproduce-run.ts';

/** Which run: its id, or the hash of the adapter that a manifest names. */
export type RunKey = { runId: string } | { adapterSha256: string };

/**
 * A finished run of a running OpenLedger: manifest and adapter as they were stored, rows of the frozen version chosen and
 * divided by the rule that the manifest names. Throws when there is no such run.
 *
 * @param folder receives the adapter, for a fork the checkpoint it started from, and for a merge the adapters that it is made of
 */
export async function findRun(
  deps: { db: Database; store: ObjectStore; engine: Pick<TrainingEngine, 'findCopies'> },
  key: RunKey,
  folder: string,
): Promise<RecordedRun> {
  const isWanted = 'runId' in key ? eq(trainingRuns.id, key.runId) : eq(adapters.sha256, `0x${key.adapterSha256}`);
  const [row] = await deps.db
    .select({ run: trainingRuns, adapter: adapters, version: datanetVersions, fields: datanets.fields })
    .from(adapters)
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(isWanted);
  if (!row)
    throw new Error(`no finished run has the ${'runId' in key ? `id ${key.runId}` : 'adapter of this manifest'}`);
  const manifest = parseManifest(row.adapter.manifest);
  const version = {
    rows: await readVersionRows(deps, row.version),
    fields: row.fields as DatanetField[],
    root: row.version.root as `0x${string}`,
  };
  const rule = (manifest.dataset?.rule ?? 'all-rows/1') as DatasetRule | 'merged/1';
  const merged = rule === 'merged/1' ? await listMergeParents(deps.db, row.run.id) : [];
  const { train, heldOut } =
    rule === 'merged/1'
      ? await chooseMergedSet(deps.engine, version, await findMergedSets(deps, merged))
      : await chooseTrainingSet(deps.engine, version, rule);
  const fetch = async (object: string, name: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, await deps.store.get(object));
    return file;
  };
  const adapterFile = await fetch(`${row.adapter.objectPrefix}/adapter_model.safetensors`, 'recorded.safetensors');
  const forkFrom = row.run.forkedFromKey ? await fetch(row.run.forkedFromKey, 'fork.ckpt') : undefined;
  const parents = rule === 'merged/1' ? { parents: await fetchAdapters(deps, merged, folder) } : {};
  return { manifest, train, evaluation: heldOut, adapterFile, forkFrom, ...parents };
}
