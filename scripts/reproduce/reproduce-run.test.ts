import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adapters } from '#db/schema/models.ts';
import { readSafetensors, writeSafetensors } from '#lib/engine/io/safetensors.ts';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';
import { recipePresets } from '#lib/engine/train/recipe.ts';
import { trainAdapter } from '#lib/engine/train/train-adapter.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  runInput,
  tinyBase,
  tinyRecipe,
} from '#lib/model-factory/test-support/factory-fixture.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { createTestDatabase, type TestDatabase } from '../test/postgres.ts';
import { findRun } from './find-run.ts';
import { readRows } from './read-rows.ts';
import { readManifest, reproduceRun } from './reproduce-run.ts';

let database: TestDatabase;
let factory: Factory;
let folder: string;
const engine = trainingEngine({ ENGINE_THREADS: 1 });
const alice: Actor = { kind: 'account', address: `0x${'a'.repeat(40)}` };

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  folder = await mkdtemp(join(tmpdir(), 'reproduce-'));
});
afterAll(async () => {
  await database.close();
  factory.remove();
  await rm(folder, { recursive: true });
});

const options = (name: string) => ({
  modelDir: join(factory.folder, 'models', tinyBase),
  outDir: join(folder, name),
  threads: 1,
});

it('trains a run of the product again, by its id or its adapter, to the same bits', async () => {
  await insertVersion(factory, { key: 'red', owner: alice.address, rowCount: 40 });
  const input = runInput('dv_red', { recipe: { ...tinyRecipe, epochs: 1 } });
  const { runId } = await startTrainingRun(factory, alice, input);
  const workRoot = join(factory.folder, 'work');
  expect(await trainRun(factory, engine, { runId, workRoot, signal: new AbortController().signal })).toBe('succeeded');
  const [adapter] = await database.db.select().from(adapters).where(eq(adapters.runId, runId));
  const deps = { db: database.db, store: factory.store, engine };
  const recorded = await findRun(deps, { runId }, folder);
  const steps: string[] = [];
  const onProgress = (step: number, total: number) => steps.push(`${step}/${total}`);
  const { comparisons, isSameMachine, largestDifference } = await reproduceRun(recorded, {
    ...options('product'),
    onProgress,
  });
  expect(steps.at(-1)).toBe(`${recorded.manifest.steps}/${recorded.manifest.steps}`);
  expect(comparisons.filter(({ recorded, found }) => recorded !== found)).toEqual([]);
  expect(comparisons.at(-1)).toMatchObject({ what: 'adapter', found: adapter!.sha256.slice(2) });
  expect({ isSameMachine, largestDifference }).toEqual({ isSameMachine: true, largestDifference: 0 });
  const byHash = await findRun(deps, { adapterSha256: recorded.manifest.adapterSha256 }, folder);
  expect(byHash.train).toEqual(recorded.train);
  await expect(findRun(deps, { runId: 'run_none' }, folder)).rejects.toThrow('run_none');
});

it('trains again from files alone, and says what differs and by how much', async () => {
  const rows: TrainingExample[] = Array.from({ length: 12 }, (_, i) =>
    i % 2
      ? { id: `row_${i}`, text: `the dog ran to house ${i}.` }
      : {
          id: `row_${i}`,
          messages: [
            { role: 'user', content: `what is ${i}?` },
            { role: 'assistant', content: 'it is red.' },
          ],
        },
  );
  const data = join(folder, 'rows.jsonl');
  await writeFile(
    data,
    rows.map((row, i) => JSON.stringify({ ...row, ...(i > 9 && { split: 'evaluation' }) })).join('\n'),
  );
  const { train, evaluation } = await readRows(data);
  expect([train.length, evaluation.length]).toEqual([10, 2]);
  const place = options('original');
  const recipe = { ...recipePresets.quick, epochs: 2, batchSize: 4 };
  for await (const event of trainAdapter({ ...place, train, evaluation, recipe, datasetRoot: '0x' })) void event;
  const manifest = await readManifest(join(place.outDir, 'run-manifest.json'));
  const adapterFile = join(place.outDir, 'adapter_model.safetensors');
  const { tensors, metadata } = await readSafetensors(adapterFile);
  const first = [...tensors.values()][0]!.data;
  const scale = Math.max(...first.map(Math.abs));
  first[3]! += 0.5 * scale;
  await writeSafetensors(adapterFile, tensors, { metadata: { ...metadata }, dtype: 'F32' });
  const forged = { ...manifest, adapterSha256: 'f'.repeat(64), trainSha256: 'e'.repeat(64) };
  const { comparisons, largestDifference } = await reproduceRun(
    { manifest: forged, train, evaluation, adapterFile },
    options('again'),
  );
  const wrong = comparisons.filter(({ recorded, found }) => recorded !== found);
  expect(wrong.map(({ what }) => what)).toEqual(['training rows', 'adapter']);
  expect(wrong[1]!.found).toBe(manifest.adapterSha256);
  expect(largestDifference).toBeGreaterThan(0.3);
  await writeFile(data, '{"id": 3}');
  await expect(readRows(data)).rejects.toThrow('line 1');
  expect(JSON.parse(await readFile(join(folder, 'again', 'run-manifest.json'), 'utf8')).recipe).toEqual(recipe);
});
