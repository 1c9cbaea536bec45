import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { and, eq, sql } from 'drizzle-orm';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { writeCheckpointAdapter } from '#lib/engine/train/write-checkpoint-adapter.ts';
import { parseCheckpointAdapterId } from '#lib/kernel/checkpoint-marks.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { contentKey } from '#lib/platform/storage/content-address.ts';
import { AdapterCorruptError, type StoredAdapter } from '../adapter-disk-cache.ts';
import { AdapterNotFoundError, type AdapterRecord, findAdapter, servedFiles } from '../find-adapter.ts';

/** Beside the files of a checkpoint's adapter: the base that it belongs to. */
const originFile = 'origin.json';
type ServedRecord = AdapterRecord & { isCheckpoint: boolean };

/** What is asked by its name: an adapter, or what a running training has so far. @throws AdapterNotFoundError */
export async function findServed(deps: Pick<Deps, 'db' | 'store' | 'env'>, id: string): Promise<ServedRecord> {
  const name = parseCheckpointAdapterId(id);
  if (!name) return { ...(await findAdapter(deps, id)), isCheckpoint: false };
  const { runId, step, hashStart } = name;
  const [row] = await deps.db
    .select({ run: trainingRuns, hash: sql<string>`${trainingEvents.data} ->> 'sha256'` })
    .from(trainingEvents)
    .innerJoin(trainingRuns, eq(trainingRuns.id, trainingEvents.runId))
    .where(
      and(
        eq(trainingEvents.runId, runId),
        eq(trainingEvents.type, 'checkpoint'),
        sql`(${trainingEvents.data} ->> 'step')::int = ${step}`,
        sql`starts_with(${trainingEvents.data} ->> 'sha256', ${hashStart})`,
      ),
    )
    .limit(1);
  if (!row) throw new AdapterNotFoundError(id);
  const { baseModel } = row.run;
  const { lora } = recipeSchema.parse(row.run.recipe);
  const modelDir = join(resolve(deps.env.MODELS_DIR), baseModel);
  const write: StoredAdapter['write'] = async (outDir) => {
    const bytes = await deps.store.get(contentKey(`0x${row.hash}`));
    const folder = await mkdtemp(join(tmpdir(), 'openledger-checkpoint-'));
    try {
      const file = join(folder, 'checkpoint.safetensors');
      await writeFile(file, bytes);
      const origin = await writeCheckpointAdapter(outDir, { file, modelDir, lora });
      await writeFile(join(outDir, originFile), JSON.stringify(origin));
    } catch (cause) {
      throw Object.assign(new AdapterCorruptError(id, 'the checkpoint'), { cause });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const required = [...servedFiles, originFile];
  return { id, prefix: '', hashes: {}, required, write, baseModel, baseSha256: undefined, isCheckpoint: true };
}

/** The base that a checkpoint's adapter in this folder was trained on. */
export async function readOrigin(dir: string): Promise<string> {
  return (JSON.parse(await readFile(join(dir, originFile), 'utf8')) as { baseSha256: string }).baseSha256;
}
