import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datanetAccess } from '#db/schema/access.ts';
import { rateLimits } from '#db/schema/auth.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { checkpointAdapterId, keptMarks } from '#lib/kernel/checkpoint-marks.ts';
import { resumeTrainingRun, stopTrainingRun } from '#lib/model-factory/change-training-run.ts';
import { findMarks } from '#lib/model-factory/find-marks.ts';
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
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { createLogger } from '#lib/platform/log.ts';
import { askCheckpoint } from '#lib/serving/checkpoints/ask-checkpoint.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { AdapterDiskCache } from '../adapter-disk-cache.ts';
import { servedFiles } from '../find-adapter.ts';
import { trainingEngine } from '../jobs/engine.ts';
import { AdapterTimings } from './adapter-timings.ts';
import { handleRequest } from './handle-request.ts';
import { Lifecycle } from './lifecycle.ts';
import { ModelPool } from './model-pool.ts';
import { ServeCounters } from './serve-metrics.ts';

const alice: Actor = { kind: 'account', address: `0x${'a'.repeat(40)}` };
const bob: Actor = { kind: 'account', address: `0x${'b'.repeat(40)}` };
const never = new AbortController().signal;
const engine = trainingEngine({ ENGINE_THREADS: 1 });
/** 15 steps, measured at 4, 8, 12 and 15; a checkpoint is due at none of them but the last. */
const recipe = { ...tinyRecipe, evalEverySteps: 4, checkpointEverySteps: 50 };
let database: TestDatabase;
let factory: Factory;
let pool: ModelPool;
let server: Server;
let deps: Deps;
let runId: string;
/** Asked before the training was through. */
let early: { step: number; text: string };

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  const modelsDir = join(factory.folder, 'models');
  pool = new ModelPool({ modelsDir, fleets: {}, threads: 1, maxSlots: 1, maxQueued: 4, adapterCacheBytes: 2 ** 20 });
  const { store } = factory;
  const wants = (name: string) => servedFiles.includes(name);
  const cache = new AdapterDiskCache({ root: join(factory.folder, 'cache'), store, bytesMax: 2 ** 30, wants });
  const lifecycle = new Lifecycle();
  lifecycle.state = 'taking';
  const env = {
    ...factory.env,
    INTERNAL_TOKEN: 'token-of-the-internal-service-0123456789',
    SESSION_SECRET: 's'.repeat(32),
  };
  const log = createLogger('serve', { LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const more = { counters: new ServeCounters(), timings: new AdapterTimings() };
  server = createServer((request, response) => {
    response.once('close', lifecycle.begin());
    const serveDeps = { db: database.db, store, env: env as Deps['env'], log, pool, cache, lifecycle, ...more };
    void handleRequest(serveDeps, request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const SERVE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  deps = { ...factory, env: { ...env, SERVE_URL } } as unknown as Deps;
  await insertVersion(factory, { key: 'red', owner: alice.address, rowCount: 40 });
  ({ runId } = await startTrainingRun(factory, alice, runInput('dv_red', { recipe })));
  // Stopped, so that it is seen how far it is: the engine's thread runs ahead of the events.
  const stopping: typeof engine = {
    ...engine,
    async *train(input) {
      for await (const event of engine.train(input)) {
        yield event;
        if (event.type === 'step' && event.step === 2) await stopTrainingRun(factory, alice, { runId });
      }
    },
  };
  expect(await train(stopping)).toBe('stopped');
  const { marks } = await findMarks(database, runId);
  early = { step: marks.at(-1)!.step, text: await ask(marks.at(-1)!.step) };
  await resumeTrainingRun(factory, alice, { runId });
  expect(await train(engine)).toBe('succeeded');
}, 120_000);
afterAll(async () => {
  await pool?.close();
  server?.closeAllConnections();
  server?.close();
  await database?.close();
  factory?.remove();
});

const train = (with_: typeof engine) =>
  trainRun(factory, with_, { runId, workRoot: join(factory.folder, 'work'), signal: never });

async function ask(step: number, actor: Actor = alice): Promise<string> {
  const messages = [{ role: 'user' as const, content: 'what colour is house 7?' }];
  const input = { id: runId, step, messages, maxTokens: 12, temperature: 0 };
  let text = '';
  for await (const event of await askCheckpoint(deps, actor, input, never)) {
    if (event.type === 'text') text += event.text;
    else expect(event.completionTokens).toBeGreaterThan(0);
  }
  return text;
}
const counted = async () =>
  (await database.db.select().from(rateLimits).orderBy(desc(rateLimits.count)))[0]?.count ?? 0;

it('answers while the training goes on, and every kept checkpoint afterwards, each with what it had learnt', async () => {
  const { marks } = await findMarks(database, runId);
  const isMeasured = ({ step }: { step: number }) => step % 4 === 0 || step === 15 || step === early.step;
  expect(marks.map(({ step }) => step)).toEqual(expect.arrayContaining([4, 8, 12, 15]));
  expect(marks.filter(({ heldOutLoss }) => heldOutLoss !== null)).toEqual(marks.filter(isMeasured));
  expect(marks.every(({ bytes }) => bytes! > 1_000)).toBe(true);
  expect(marks.at(-1)!.step).toBe(15);
  const texts = new Map<number, string>();
  for (const { step } of keptMarks(marks)) texts.set(step, await ask(step));
  expect(texts.get(early.step)).toBe(early.text);
  expect(new Set(texts.values()).size).toBeGreaterThan(1);
  // The last one is the adapter: the same bytes are loaded.
  const id = checkpointAdapterId(runId, marks.at(-1)!);
  const served = await readFile(join(factory.folder, 'cache', id, 'adapter_model.safetensors'));
  const [stored] = await factory.store.list('adapters');
  const adapter = await factory.store.get(`${stored!.slice(0, stored!.lastIndexOf('/'))}/adapter_model.safetensors`);
  expect(served.equals(Buffer.from(adapter))).toBe(true);
  const base = JSON.parse(await readFile(join(factory.folder, 'cache', id, 'adapter_config.json'), 'utf8'));
  expect(base.base_model_name_or_path).toBe(tinyBase);
}, 60_000);

it('is counted, costs nothing and leaves no receipt', async () => {
  const before = await counted();
  await ask(15);
  expect(await counted()).toBe(before + 1);
  expect(await database.db.$count(inferences)).toBe(0);
  expect(await database.db.$count(receipts)).toBe(0);
  await database.db.update(rateLimits).set({ count: 500 });
  await expect(ask(15)).rejects.toMatchObject({ category: 'limited' });
  await database.db.delete(rateLimits);
});

it('refuses who did not start the run, a checkpoint that is not there, and rows that were closed meanwhile', async () => {
  await expect(ask(15, bob)).rejects.toMatchObject({ code: 'run_forbidden' });
  await expect(ask(15, { kind: 'visitor' })).rejects.toMatchObject({ code: 'not_signed_in' });
  await expect(ask(16)).rejects.toMatchObject({ code: 'checkpoint_not_kept' });
  const { marks } = await findMarks(database, runId);
  await factory.store.remove(`sha256/${marks[0]!.sha256}`);
  await expect(ask(marks[0]!.step)).rejects.toMatchObject({ code: 'checkpoint_not_kept' });
  const fleets = { SERVE_FLEETS: { [tinyBase]: {} } } as unknown as Deps['env'];
  const input = {
    id: runId,
    step: 15,
    messages: [{ role: 'user' as const, content: 'x' }],
    maxTokens: 4,
    temperature: 0,
  };
  await expect(askCheckpoint({ ...deps, env: { ...deps.env, ...fleets } }, alice, input, never)).rejects.toMatchObject({
    code: 'checkpoint_on_fleet',
  });
  await database.db
    .insert(datanetAccess)
    .values({ datanetId: 'dn_red', tier: 'compute', setBy: alice.address, setAt: factory.now() });
  await expect(ask(15)).rejects.toMatchObject({ code: 'rows_closed' });
  expect(await counted()).toBe(0);
});
