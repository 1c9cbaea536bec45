import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { datanetAccess } from '#db/schema/access.ts';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { cancelTrainingRun, resumeTrainingRun, stopTrainingRun } from './change-training-run.ts';
import { estimateRun } from './estimate-run.ts';
import { getRun, listRunEvents, listRunHistory, listRuns, listTrainableVersions } from './queries.ts';
import { appendRunEvent, endLease, leaseMs, listRunsToTake, renewLease, takeRun } from './run-lease.ts';
import { startTrainingRun } from './start-training-run.ts';
import { streamRun } from './stream-run.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  runInput,
  tinyBase,
  tinyRecipe,
} from './test-support/factory-fixture.ts';

let database: TestDatabase;
let factory: Factory;
const alice: Actor = { kind: 'account', address: `0x${'a'.repeat(40)}` };
const bob = { kind: 'account', address: `0x${'b'.repeat(40)}` } as const;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  await insertVersion(factory, { key: 'big', owner: alice.address, rowCount: 60 });
  await insertVersion(factory, { key: 'small', owner: alice.address, rowCount: 19 });
});
afterAll(async () => {
  await database.close();
  factory.remove();
});
beforeEach(async () => {
  await database.db.delete(trainingEvents);
  await database.db.delete(trainingRuns);
  factory.sent.length = 0;
});

const start = (actor: Actor = alice, key = 'first launch') =>
  startTrainingRun(factory, actor, runInput('dv_big', { idempotencyKey: key }));
const statusOf = async (runId: string) => (await getRun(database.db, runId)).status;

describe('startTrainingRun', () => {
  it('starts one run however often the same launch is repeated, at the same time too', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map((one) => one.runId)).size).toBe(1);
    expect(await start(bob)).not.toEqual(all[0]);
    expect(await listRuns(database.db, alice)).toHaveLength(1);
  });

  it('asks for a sign-in, a base that the engine runs, a known version and enough rows', async () => {
    await expect(startTrainingRun(factory, { kind: 'visitor' }, runInput('dv_big'))).rejects.toMatchObject({
      code: 'not_signed_in',
    });
    const refused = (change: Parameters<typeof runInput>[1]) =>
      expect(startTrainingRun(factory, alice, runInput('dv_big', change))).rejects;
    await refused({ baseModel: '../../etc' }).toMatchObject({ code: 'base_model_not_found' });
    await mkdir(join(factory.folder, 'models', 'broken'));
    await writeFile(join(factory.folder, 'models', 'broken', 'config.json'), '{"model_type":"gpt2"}');
    await refused({ baseModel: 'broken' }).toMatchObject({
      code: 'base_model_refused',
      message: expect.stringContaining('model_type "gpt2" is not supported'),
    });
    await refused({ versionId: 'dv_none' }).toMatchObject({ code: 'version_not_found' });
    await refused({ versionId: 'dv_small' }).toMatchObject({
      code: 'version_not_trainable',
      message: expect.stringContaining('19 rows'),
    });
    expect(factory.sent).toEqual([]);
  });

  it('holds five open runs an account, also when they are launched at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => start(alice, `launch number ${i}`)));
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(5);
    expect(results.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'too_many_runs' });
  });
});

describe('stopTrainingRun and resumeTrainingRun', () => {
  it('stops a waiting run at once and queues it again', async () => {
    const { runId } = await start();
    await stopTrainingRun(factory, alice, { runId });
    expect(await statusOf(runId)).toBe('stopped');
    await resumeTrainingRun(factory, alice, { runId });
    expect(await statusOf(runId)).toBe('queued');
    expect(factory.sent).toEqual([`train-adapter ${runId}`, `train-adapter ${runId}`]);
  });

  it('is for the owner, and only where it makes sense', async () => {
    const { runId } = await start();
    await expect(stopTrainingRun(factory, bob, { runId })).rejects.toMatchObject({ code: 'run_forbidden' });
    await expect(resumeTrainingRun(factory, alice, { runId })).rejects.toMatchObject({ code: 'run_state' });
    await expect(stopTrainingRun(factory, alice, { runId: 'run_none' })).rejects.toMatchObject({
      code: 'run_not_found',
    });
    await database.db.update(trainingRuns).set({ status: 'succeeded' }).where(eq(trainingRuns.id, runId));
    await expect(stopTrainingRun(factory, alice, { runId })).rejects.toMatchObject({
      message: 'This run is succeeded, so it cannot be stopped.',
    });
  });
});

describe('cancelTrainingRun', () => {
  it('ends a waiting or stopped run for good, with what it had read, and only for its owner', async () => {
    const { runId } = await start();
    await appendRunEvent(factory, runId, 'started', { totalSteps: 20, trainTokens: 2_000 });
    await appendRunEvent(factory, runId, 'step', { step: 5, loss: 3 });
    await expect(cancelTrainingRun(factory, bob, { runId })).rejects.toMatchObject({ code: 'run_forbidden' });
    await stopTrainingRun(factory, alice, { runId });
    await cancelTrainingRun(factory, alice, { runId });
    expect(await statusOf(runId)).toBe('cancelled');
    expect((await listRunEvents(database.db, runId, 0)).at(-1)).toMatchObject({
      type: 'cancelled',
      data: { step: 5, trainedTokens: 500 },
    });
    await expect(resumeTrainingRun(factory, alice, { runId })).rejects.toMatchObject({ code: 'run_state' });
    await cancelTrainingRun(factory, alice, { runId });
  });

  it('asks a training run to end, which keeps its place among the open ones until it has', async () => {
    const { runId } = await start();
    await takeRun(factory, runId, 'one');
    await cancelTrainingRun(factory, alice, { runId });
    expect(await statusOf(runId)).toBe('cancelling');
    expect(await renewLease(factory, runId, 'one')).toBe('stop');
    factory.clock.ms += leaseMs + 1;
    expect(await takeRun(factory, runId, 'two')).toMatchObject({ status: 'cancelling' });
  });
});

describe('the lease', () => {
  it('gives a run to one worker, and to the next when the first was killed', async () => {
    const { runId } = await start();
    expect(await takeRun(factory, runId, 'one')).toMatchObject({ status: 'running' });
    expect(await takeRun(factory, runId, 'two')).toBeNull();
    expect(await listRunsToTake(factory)).toEqual([]);
    factory.clock.ms += leaseMs + 1;
    expect(await listRunsToTake(factory)).toEqual([runId]);
    expect(await takeRun(factory, runId, 'two')).toMatchObject({ leaseOwner: 'two' });
    expect(await renewLease(factory, runId, 'one')).toBe('lost');
    await endLease(factory, runId, 'one', { status: 'failed' });
    expect(await statusOf(runId)).toBe('running'); // the dead worker's word does not count
  });

  it('tells the worker that its owner asked to stop', async () => {
    const { runId } = await start();
    await takeRun(factory, runId, 'one');
    expect(await renewLease(factory, runId, 'one')).toBe('held');
    await stopTrainingRun(factory, alice, { runId });
    expect(await statusOf(runId)).toBe('stopping');
    expect(await renewLease(factory, runId, 'one')).toBe('stop');
  });
});

describe('what a run said', () => {
  const say = async (runId: string, count: number) => {
    for (let step = 1; step <= count; step++) await appendRunEvent(factory, runId, 'step', { step, loss: 3 });
  };

  it('is read on from any event, and thinned for drawing with the newest kept', async () => {
    const { runId } = await start();
    await appendRunEvent(factory, runId, 'started', { totalSteps: 40 });
    await say(runId, 40);
    expect((await listRunEvents(database.db, runId, 38)).map((event) => event.seq)).toEqual([39, 40, 41]);
    const history = await listRunHistory(database.db, runId, 10);
    expect(history.length).toBeLessThan(14);
    expect(history[0]).toMatchObject({ type: 'started' });
    expect(history.at(-1)?.seq).toBe(41);
    expect((await getRun(database.db, runId)).step).toBe(40);
  });

  it('is streamed from where the reader left off, with the state, to the end', async () => {
    const { runId } = await start();
    await say(runId, 3);
    const items: string[] = [];
    const stream = streamRun(factory, { runId, afterSeq: 1, pollMs: 5, signal: new AbortController().signal });
    for await (const item of stream) {
      items.push(item.kind === 'event' ? `event ${item.event.seq}` : item.kind === 'run' ? item.run.status : item.kind);
      if (items.length === 3) {
        await say(runId, 1);
        await database.db.update(trainingRuns).set({ status: 'succeeded' }).where(eq(trainingRuns.id, runId));
      }
    }
    expect(items).toEqual(['event 2', 'event 3', 'queued', 'event 4', 'succeeded', 'end']);
  });

  it('is looked at once for all its readers, and told to each from where it left off', async () => {
    const { runId } = await start();
    await say(runId, 3);
    let looks = 0;
    const counting = new Proxy(database.db, {
      get: (db, key) => {
        if (key === 'select') looks++;
        return Reflect.get(db, key, db);
      },
    });
    const gone = new AbortController();
    const readers = Array.from({ length: 40 }, async (_, i) => {
      const seen: number[] = [];
      const input = { runId, afterSeq: i % 3, pollMs: 10, signal: gone.signal };
      for await (const item of streamRun({ db: counting }, input)) if (item.kind === 'event') seen.push(item.event.seq);
      return seen;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await say(runId, 1);
    await database.db.update(trainingRuns).set({ status: 'succeeded' }).where(eq(trainingRuns.id, runId));
    const all = await Promise.all(readers);
    for (const [i, seen] of all.entries()) expect(seen).toEqual([1, 2, 3, 4].slice(i % 3));
    // Each by itself would have been 40 readers at two queries in each of some thirty looks.
    expect(looks).toBeLessThan(400);
  });

  it('ends the stream when the reader leaves', async () => {
    const { runId } = await start();
    const gone = new AbortController();
    const stream = streamRun(factory, { runId, afterSeq: 0, pollMs: 60_000, signal: gone.signal });
    expect((await stream.next()).value).toMatchObject({ kind: 'run' });
    setTimeout(() => gone.abort(), 20);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

describe('before a launch', () => {
  it('offers only versions with enough rows, and says that they are not on chain', async () => {
    expect(await listTrainableVersions(database.db)).toMatchObject([
      { id: 'dv_big', number: 1, rowCount: 60, license: 'CC-BY-4.0', anchored: false },
    ]);
  });

  it('offers private rows only to those who may read them', async () => {
    const version = await insertVersion(factory, { key: 'mine', owner: bob.address, rowCount: 30 });
    const { datanetId } = version;
    await database.db
      .insert(datanetAccess)
      .values({ datanetId, tier: 'gated', setBy: bob.address, setAt: factory.now() });
    const offered = async (actor: Actor) => (await listTrainableVersions(database.db, actor)).map(({ id }) => id);
    expect(await offered({ kind: 'visitor' })).toEqual(['dv_big']);
    expect(await offered(alice)).toEqual(['dv_big']);
    expect(await offered(bob)).toEqual(['dv_big', 'dv_mine']);
  });

  it('estimates from characters first, and from what a run of the same version counted afterwards', async () => {
    const input = { versionId: 'dv_big', baseModel: tinyBase, recipe: tinyRecipe };
    const estimate = (cpuShare = 1) => estimateRun(factory, { kind: 'visitor' }, input, { cpuShare });
    const first = await estimate();
    expect((await estimate(0.5)).tokensPerSecond * 2).toBe(first.tokensPerSecond);
    expect(first).toMatchObject({
      trainRows: 54,
      heldOutRows: 6,
      steps: 21,
      tokensFrom: 'characters',
      speedFrom: 'default',
    });
    const { runId } = await start();
    await takeRun(factory, runId, 'one');
    const say = async (type: string, seconds: number, data = {}) => {
      factory.clock.ms += seconds * 1000;
      await appendRunEvent(factory, runId, type, data);
    };
    // 3,000 tokens in 3 steps at 100 a second: 10 s each. 5 s before, 4 s a measurement of 4 rows, 10 s for the index.
    await say('started', 5, { totalSteps: 3, trainTokens: 3_000, trainExamples: 54, heldOutExamples: 4 });
    await say('eval', 0, { step: 0 });
    for (const step of [1, 2, 3]) {
      await say('step', 10, { step, loss: 1, tokensPerSecond: 100 });
      await say('eval', 4, { step });
    }
    await say('done', 0, { seconds: 52, cpuSeconds: 26 });
    await say('stored', 10);
    await endLease(factory, runId, 'one', { status: 'succeeded', endedAt: factory.now() });
    const second = await estimate(0.5); // as much of a core as that run had
    // Here 21 steps are measured 6 times on 6 rows, at 1 s a row.
    expect(second).toMatchObject({
      tokens: 1_000,
      tokensFrom: 'counted',
      speedFrom: 'last-runs',
      tokensPerSecond: 100,
      seconds: 5 + 30 + 6 * 6 + 10,
      gain: null,
    });
    expect(await estimate(1)).toMatchObject({ tokensPerSecond: 200, seconds: Math.ceil((5 + 30 + 6 * 6 + 10) / 2) });
  });
});
