import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { checkpointsKeptMax, keptMarks } from '#lib/kernel/checkpoint-marks.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { resumeTrainingRun, stopTrainingRun } from './change-training-run.ts';
import { findMarks } from './find-marks.ts';
import { forkTrainingRun } from './fork-training-run.ts';
import { getRun, listRunEvents } from './queries.ts';
import { leaseMs } from './run-lease.ts';
import { startTrainingRun } from './start-training-run.ts';
import { createCuttableProxy } from './test-support/cuttable-proxy.ts';
import { createFactory, type Factory, insertVersion, runInput, tinyRecipe } from './test-support/factory-fixture.ts';
import { trainRun } from './train-run.ts';
import type { TrainingEngine, TrainingRow } from './training-engine.ts';

let database: TestDatabase;
let factory: Factory;
const alice: Actor = { kind: 'account', address: `0x${'a'.repeat(40)}` };
const engine = trainingEngine({ ENGINE_THREADS: 1 });
const never = new AbortController().signal;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  await insertVersion(factory, { key: 'red', owner: alice.address, rowCount: 40 });
});
afterAll(async () => {
  await database.close();
  factory.remove();
});

async function start(key: string, recipe = tinyRecipe): Promise<string> {
  const input = runInput('dv_red', { idempotencyKey: key.padEnd(8, '.'), recipe });
  return (await startTrainingRun(factory, alice, input)).runId;
}
const train = (runId: string, with_: TrainingEngine = engine, signal = never) =>
  trainRun(factory, with_, { runId, workRoot: join(factory.folder, 'work'), signal });
const eventsOf = async (runId: string) => {
  const types: string[] = [];
  let page = await listRunEvents(database.db, runId, 0);
  while (page.length > 0) {
    types.push(...page.map((event) => event.type));
    page = await listRunEvents(database.db, runId, page.at(-1)!.seq);
  }
  return types;
};
const adapterOf = async (runId: string) =>
  (await database.db.select().from(adapters).where(eq(adapters.runId, runId)))[0]!;

/** The real engine, with something that happens when it says an event for the n-th time. */
function interrupted(type: string, nth: number, act: () => Promise<void>): TrainingEngine {
  return {
    ...engine,
    async *train(input) {
      let seen = 0;
      for await (const event of engine.train(input)) {
        yield event;
        if (event.type === type && ++seen === nth) await act();
      }
    },
  };
}

describe('trainRun', () => {
  let whole: Awaited<ReturnType<typeof adapterOf>>;

  it('trains to the end, stores adapter and index, and tells of it in order', async () => {
    const runId = await start('whole');
    expect(await train(runId)).toBe('succeeded');
    whole = await adapterOf(runId);
    expect(whole.evalLoss).toBeLessThan(whole.baseEvalLoss);
    const run = await getRun(database.db, runId);
    expect(run).toMatchObject({ status: 'succeeded', step: 15, totalSteps: 15, evalLoss: whole.evalLoss });
    const types = await eventsOf(runId);
    expect(types[0]).toBe('started');
    expect(types.filter((type) => type === 'step')).toHaveLength(15);
    expect(types).toEqual(expect.arrayContaining(['eval', 'sample', 'checkpoint', 'done', 'index']));
    expect(JSON.stringify(await listRunEvents(database.db, runId, 0))).not.toContain(factory.folder);
    const files = await factory.store.list(whole.objectPrefix);
    const names = files.map((file) => file.slice(whole.objectPrefix.length + 1));
    expect(names).toEqual(
      expect.arrayContaining([
        'adapter_config.json',
        'adapter_model.safetensors',
        'attribution.index',
        'run-manifest.json',
      ]),
    );
    const manifest = await factory.store.get(`${whole.objectPrefix}/run-manifest.json`);
    const events = await listRunEvents(database.db, runId, 0);
    const manifestOf = (type: string) =>
      factory.store.get(`sha256/${events.find((event) => event.type === type)!.data.manifestSha256}`);
    expect(await manifestOf('stored')).toEqual(manifest);
    const [trained, completed] = [await manifestOf('done'), manifest].map((bytes) =>
      JSON.parse(Buffer.from(bytes!).toString()),
    );
    const { attribution, ...rest } = completed;
    expect(rest).toEqual(trained);
    expect(attribution).toMatchObject({
      method: expect.stringMatching(/int8/),
      indexSha256: whole.indexSha256.slice(2),
    });
    expect(whole.manifest).toEqual(completed);
    expect(whole.manifest).toMatchObject({ attributable: true, datasetRoot: expect.stringMatching(/^0x/) });
    const bytes = await factory.store.get(`${whole.objectPrefix}/adapter_model.safetensors`);
    expect(`0x${createHash('sha256').update(bytes).digest('hex')}`).toBe(whole.sha256);
  }, 120_000);

  it('is done once: the same job again changes nothing', async () => {
    const runId = whole.runId;
    expect(await train(runId)).toBe('skipped');
    expect(await adapterOf(runId)).toEqual(whole);
  });

  it('ends with the same bits after the worker was killed and another took over', async () => {
    const runId = await start('killed');
    // A killed worker says nothing more and renews nothing: its generator is left in the middle, its lease runs out.
    const died = new Promise<void>((resolve) => {
      const hanging = interrupted('checkpoint', 3, () => {
        resolve();
        return new Promise(() => {});
      });
      void train(runId, hanging);
    });
    await died;
    expect(await train(runId)).toBe('skipped'); // the lease still holds
    await database.db
      .update(trainingRuns)
      .set({ leaseOwner: 'gone', leaseUntil: new Date(factory.now().getTime() - 1) })
      .where(eq(trainingRuns.id, runId));
    factory.clock.ms += leaseMs;
    expect(await train(runId)).toBe('succeeded');
    // What the run's page says of it: where it went on; there is nothing to do.
    const resumed = (await listRunEvents(database.db, runId, 0)).find(({ type }) => type === 'resumed');
    expect(resumed?.data.step).toBeGreaterThan(0);
    const taken = await adapterOf(runId);
    expect(taken.sha256).toBe(whole.sha256);
    expect(taken.indexSha256).toBe(whole.indexSha256);
    expect(taken.evalLoss).toBe(whole.evalLoss);
  }, 120_000);

  it('writes a checkpoint when its owner stops it, and resumes from there to the same bits', async () => {
    // With so many evaluations the engine's thread, which runs ahead, is far from through when the stop reaches it.
    const long = { ...tinyRecipe, epochs: 50, evalEverySteps: 1, checkpointEverySteps: 250 };
    const reference = await start('long', long);
    expect(await train(reference)).toBe('succeeded');
    // A measurement a step is a checkpoint a step: the store has only those that can be asked, or gone on from.
    const { marks } = await findMarks(database, reference);
    expect(marks.length).toBeGreaterThan(checkpointsKeptMax);
    const isThere = await Promise.all(marks.map(({ sha256 }) => factory.store.exists(`sha256/${sha256}`)));
    expect(marks.filter((_, i) => isThere[i])).toEqual(keptMarks(marks));
    const runId = await start('stopped', long);
    const stopping = interrupted('step', 5, () => stopTrainingRun(factory, alice, { runId }));
    expect(await train(runId, stopping)).toBe('stopped');
    const [row] = await database.db.select().from(trainingRuns).where(eq(trainingRuns.id, runId));
    expect(row?.checkpointStep).toBeGreaterThan(4);
    expect(row?.checkpointStep).toBeLessThan(250);
    expect(await eventsOf(runId)).toContain('stopped');
    expect(await factory.store.exists(row!.checkpointKey!)).toBe(true);
    await resumeTrainingRun(factory, alice, { runId });
    expect(await train(runId)).toBe('succeeded');
    expect((await adapterOf(runId)).sha256).toBe((await adapterOf(reference)).sha256);
  }, 240_000);

  it('survives a stop after the last step, and checkpoints that the engine has pruned meanwhile', async () => {
    const runId = await start('late stop');
    // The engine's thread runs ahead while we wait here, and keeps only its newest checkpoint files.
    const stopping = interrupted('step', 5, async () => {
      await stopTrainingRun(factory, alice, { runId });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    });
    expect(await train(runId, stopping)).toBe('stopped');
    await resumeTrainingRun(factory, alice, { runId });
    expect(await train(runId)).toBe('succeeded');
    expect((await adapterOf(runId)).sha256).toBe(whole.sha256);
  }, 120_000);

  it('goes back to the queue when the process shuts down', async () => {
    const runId = await start('shutdown');
    const shutdown = new AbortController();
    const closing = interrupted('step', 2, async () => shutdown.abort());
    await expect(train(runId, closing, shutdown.signal)).rejects.toThrow();
    expect((await getRun(database.db, runId)).status).toBe('queued');
    expect(await train(runId)).toBe('succeeded');
    expect((await adapterOf(runId)).sha256).toBe(whole.sha256);
  }, 120_000);

  it('goes back to the queue when the connection to the database dies under it, and fails for no such thing', async () => {
    const runId = await start('outage');
    const proxy = await createCuttableProxy(database.url);
    const { db, close } = openDatabase(proxy.url, { max: 3 });
    const cutting = interrupted('step', 3, async () => proxy.cutAt('insert into "training_events"'));
    const input = { runId, workRoot: join(factory.folder, 'work'), signal: never };
    await expect(trainRun({ ...factory, db }, cutting, input)).rejects.toThrow();
    expect(await getRun(database.db, runId)).toMatchObject({ status: 'queued', errorCode: null });
    await close();
    await proxy.close();
    expect(await train(runId)).toBe('succeeded');
    expect((await adapterOf(runId)).sha256).toBe(whole.sha256);
  }, 120_000);

  it('goes on from the checkpoint before when the newest is damaged in the store', async () => {
    const runId = await start('rotten');
    const shutdown = new AbortController();
    const closing = interrupted('checkpoint', 3, async () => shutdown.abort());
    await expect(train(runId, closing, shutdown.signal)).rejects.toThrow();
    const [row] = await database.db.select().from(trainingRuns).where(eq(trainingRuns.id, runId));
    const file = join(factory.folder, 'objects', row!.checkpointKey!);
    const bytes = await readFile(file);
    bytes[bytes.length - 5]! ^= 1;
    await writeFile(file, bytes);
    expect(await train(runId)).toBe('succeeded');
    const resumed = (await listRunEvents(database.db, runId, 0)).find((event) => event.type === 'resumed')!;
    expect(resumed.data.step).toBeGreaterThan(0);
    expect(resumed.data.step).toBeLessThan(row!.checkpointStep);
    expect((await adapterOf(runId)).sha256).toBe(whole.sha256);
  }, 120_000);

  it('forks: a new run starts where another stands, for its owner, and records it', async () => {
    const input = { runId: whole.runId, name: 'A fork', change: { epochs: 1, seed: 9 }, idempotencyKey: 'fork one' };
    const bob: Actor = { kind: 'account', address: `0x${'b'.repeat(40)}` };
    await expect(forkTrainingRun(factory, bob, input)).rejects.toMatchObject({ code: 'run_forbidden' });
    const unborn = await start('unborn');
    await expect(forkTrainingRun(factory, alice, { ...input, runId: unborn })).rejects.toMatchObject({
      code: 'run_not_forkable',
    });
    await stopTrainingRun(factory, alice, { runId: unborn });
    const { runId } = await forkTrainingRun(factory, alice, input);
    expect(await train(runId)).toBe('succeeded');
    const first = (await listRunEvents(database.db, runId, 0)).find((event) => event.type === 'eval')!;
    expect(first.data).toMatchObject({ step: 0, loss: whole.evalLoss });
    const { manifest } = await adapterOf(runId);
    expect(manifest).toMatchObject({ attributable: false, forkedFrom: { step: 15 }, recipe: { epochs: 1, seed: 9 } });
  }, 120_000);

  it('shows the cause when nothing was learnt, and when the fault is ours', async () => {
    await insertVersion(factory, { key: 'zebra', owner: alice.address, rowCount: 40 });
    // So sure of what the rows say that a short answer which none of them gives becomes less likely than it was.
    const sure = { ...tinyRecipe, epochs: 12, lora: { ...tinyRecipe.lora, r: 4, loraAlpha: 8 } };
    const input = runInput('dv_zebra', { idempotencyKey: 'useless run', recipe: sure });
    const contradict = (rows: TrainingRow[]) =>
      rows.map(({ id, messages: [ask] }) => ({ id, messages: [ask!, { role: 'assistant' as const, content: 'zz' }] }));
    const measuredOnOthers: TrainingEngine = {
      ...engine,
      train: (job) => engine.train({ ...job, evaluation: contradict(job.evaluation) }),
    };
    const { runId: useless } = await startTrainingRun(factory, alice, input);
    expect(await train(useless, measuredOnOthers)).toBe('failed');
    expect(await getRun(database.db, useless)).toMatchObject({
      status: 'failed',
      errorCode: 'training_learnt_nothing',
      adapterId: null,
    });
    const broken = await start('broken');
    const failing = interrupted('step', 1, async () => {
      throw new Error('the thread at /secret/path fell over');
    });
    expect(await train(broken, failing)).toBe('failed');
    const run = await getRun(database.db, broken);
    expect(run).toMatchObject({ errorCode: 'training_failed' });
    expect(run.errorMessage).not.toContain('/secret');
    expect(await eventsOf(broken)).toContain('failed');
  }, 120_000);
});
