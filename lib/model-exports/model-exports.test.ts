import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adapters } from '#db/schema/models.ts';
import { exportOllama } from '#lib/engine/io/export-ollama.ts';
import { mergeAdapter } from '#lib/engine/io/merge-adapter.ts';
import { createTinyAdapter } from '#lib/engine/io/test-support/tiny-adapter.ts';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import type { Env } from '#lib/platform/env.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { addressOf, insertLiveModel, servingDeps } from '#lib/serving/test-support/serving-fixture.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { type ExportEngine, exportModel } from './export-model.ts';
import { listModelExports } from './list-model-exports.ts';
import { openModelFile } from './open-model-file.ts';
import { requestModelExport } from './request-model-export.ts';
import type { ExportFormat } from './types.ts';

const engine: ExportEngine = {
  merged: ({ modelDir, adapterDir, outDir }) => mergeAdapter(modelDir, adapterDir, outDir),
  gguf: ({ modelDir, adapterDir, outDir }) => exportOllama(modelDir, adapterDir, outDir),
};
const model = 'one-model';
const owner = { kind: 'account', address: addressOf(3) } as const;

let folder = '';
let database: TestDatabase;
let deps: ReturnType<typeof createDeps>;

function createDeps() {
  const env = { MODELS_DIR: join(folder, 'models') } as Env;
  const store = fileObjectStore(join(folder, 'objects'));
  return { ...servingDeps(database.db), env, store, log: pino({ level: 'silent' }) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-exports-'));
  database = await createTestDatabase();
  deps = createDeps();
  await insertLiveModel(database.db);
  await createTinyModel(join(folder, 'models', 'nano'));
  await createTinyAdapter(join(folder, 'trained'), 'export');
  for (const name of ['adapter_config.json', 'adapter_model.safetensors']) {
    await deps.store.putFile(`adapters/ad_1/${name}`, join(folder, 'trained', name));
  }
  const weights = await readFile(join(folder, 'trained', 'adapter_model.safetensors'));
  await database.db.update(adapters).set({ sha256: sha256(weights) });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const work = (format: ExportFormat) =>
  exportModel(deps, engine, { adapterId: 'ad_1', format, workRoot: join(folder, 'work') });
const stateOf = async (format: ExportFormat) =>
  (await listModelExports(deps, owner, { model })).find((entry) => entry.format === format)!;
const download = async (format: ExportFormat, file: string) =>
  Buffer.from(await new Response((await openModelFile(deps, owner, { model, format, file })).body).arrayBuffer());

it('gives the owner the PEFT files as they were trained, at once', async () => {
  const { state, files } = await stateOf('adapter');
  expect(state).toBe('ready');
  expect(files.map(({ name }) => name)).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  for (const { name, sizeBytes, sha256: hash } of files) {
    const bytes = await download('adapter', name);
    expect(bytes.equals(await readFile(join(folder, 'trained', name)))).toBe(true);
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([sizeBytes, hash]);
  }
  expect(await requestModelExport(deps, owner, { model, format: 'adapter' })).toEqual({ state: 'ready' });
  expect(deps.sent).toEqual([]);
});

it('has an export made once, and then gives its files', async () => {
  expect((await stateOf('gguf')).state).toBe('none');
  expect(await requestModelExport(deps, owner, { model, format: 'gguf' })).toEqual({ state: 'preparing' });
  expect(deps.sent).toEqual([{ name: 'export-model', key: 'ad_1:gguf' }]);
  expect((await stateOf('gguf')).state).toBe('preparing');
  expect(await work('gguf')).toBe('stored');
  const { state, files } = await stateOf('gguf');
  expect([state, files.map(({ name }) => name)]).toEqual(['ready', ['Modelfile', 'adapter.gguf', 'base.gguf']]);
  expect((await download('gguf', 'base.gguf')).subarray(0, 4).toString()).toBe('GGUF');
  expect((await download('gguf', 'Modelfile')).toString()).toMatch(/^FROM \.\/base\.gguf\nADAPTER \.\/adapter\.gguf\n/);
  expect(await requestModelExport(deps, owner, { model, format: 'gguf' })).toEqual({ state: 'ready' });
  expect(await work('gguf')).toBe('skipped');
  expect(await readdir(join(folder, 'work'))).toEqual([]);
});

it('shows a request that was lost with its job as not made', async () => {
  await requestModelExport(deps, owner, { model, format: 'merged' });
  expect((await stateOf('merged')).state).toBe('preparing');
  deps.clock.ms += 2 * 3_600_000;
  expect((await stateOf('merged')).state).toBe('none');
});

it('says why an export cannot be made, and makes it when the reason is gone', async () => {
  const path = join(folder, 'models', 'nano', 'config.json');
  const config = await readFile(path, 'utf8');
  await writeFile(path, JSON.stringify({ ...JSON.parse(config), intermediate_size: 96 }));
  expect(await work('merged')).toBe('refused');
  const failed = await stateOf('merged');
  expect(failed).toMatchObject({ state: 'failed', files: [] });
  expect(failed.problem).toMatch(/gate_proj/);
  await writeFile(path, config);
  expect(await requestModelExport(deps, owner, { model, format: 'merged' })).toEqual({ state: 'preparing' });
  expect(await work('merged')).toBe('stored');
  expect((await stateOf('merged')).files.map(({ name }) => name)).toContain('model.safetensors');
});

it('is for the owner alone', async () => {
  const stranger = { kind: 'account', address: addressOf(4) } as const;
  const visitor = { kind: 'visitor' } as const;
  const file = { model, format: 'adapter', file: 'adapter_config.json' } as const;
  await expect(openModelFile(deps, stranger, file)).rejects.toMatchObject({ code: 'model_export_forbidden' });
  await expect(listModelExports(deps, stranger, { model })).rejects.toMatchObject({ code: 'model_export_forbidden' });
  await expect(requestModelExport(deps, visitor, file)).rejects.toMatchObject({ code: 'not_signed_in' });
  await expect(openModelFile(deps, owner, { ...file, model: 'no' })).rejects.toMatchObject({ code: 'model_not_found' });
  const names = ['../../manifest.json', 'optimizer.safetensors', 'manifest.json'];
  for (const name of names) {
    const opening = openModelFile(deps, owner, { ...file, file: name });
    await expect(opening).rejects.toMatchObject({ code: 'model_file_not_found' });
  }
});
