import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingRuns } from '#db/schema/models.ts';
import { TrainingError } from '#lib/engine/train/errors.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { cancelTrainingRun } from './change-training-run.ts';
import { getRun, listRunEvents } from './queries.ts';
import { adviceAfter } from './rules.ts';
import { startTrainingRun } from './start-training-run.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  runInput,
  tinyBase,
  tinyRecipe,
} from './test-support/factory-fixture.ts';
import { trainRun } from './train-run.ts';
import type { TrainingEngine } from './training-engine.ts';

let database: TestDatabase;
let factory: Factory;
let version: Awaited<ReturnType<typeof insertVersion>>;
const alice: Actor = { kind: 'account', address: `0x${'a'.repeat(40)}` };
const engine = trainingEngine({ ENGINE_THREADS: 1 });
const never = new AbortController().signal;
let launches = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  version = await insertVersion(factory, { key: 'red', owner: alice.address, rowCount: 40 });
});
afterAll(async () => {
  await database.close();
  factory.remove();
});

const start = async (recipe = tinyRecipe) =>
  (await startTrainingRun(factory, alice, runInput(version.id, { recipe, idempotencyKey: `launch ${launches++}` })))
    .runId;
const train = (runId: string, with_: TrainingEngine = engine, timeLimitMs?: number) =>
  trainRun(factory, with_, {
    runId,
    workRoot: join(factory.folder, 'work'),
    signal: never,
    ...(timeLimitMs && { timeLimitMs }),
  });

/** The real engine, but what the system or the runtime would throw in the midst of a training. */
const failing = (error: Error): TrainingEngine => ({
  ...engine,
  // biome-ignore lint/correctness/useYield: it says nothing before it fails
  async *train() {
    throw error;
  },
});

/** Cause and next action of a run that failed; neither may show this machine. */
async function failureOf(runId: string) {
  const { status, errorCode, errorMessage } = await getRun(database.db, runId);
  expect(status).toBe('failed');
  expect(errorMessage).not.toContain(factory.folder);
  expect(errorMessage!.length).toBeGreaterThan(20);
  const { next, fault, again } = adviceAfter(errorCode!);
  expect(next.length).toBeGreaterThan(20);
  await cancelTrainingRun(factory, alice, { runId }); // frees its place
  return { errorCode, fault, again };
}

describe('a run that fails says the cause and one next action', () => {
  it.each([
    [
      'out of memory, of the runtime',
      new Error('Failed to allocate memory for requested buffer of size 9663676416'),
      'out_of_memory',
      'you',
    ],
    [
      'out of memory, of the thread',
      Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }),
      'out_of_memory',
      'you',
    ],
    [
      'a loss that is no number',
      new TrainingError('training_diverged', 'The loss of step 3 is not a number.'),
      'training_diverged',
      'you',
    ],
    [
      'a full disk',
      Object.assign(new Error('ENOSPC: no space left on device, write /tmp/x'), { code: 'ENOSPC' }),
      'disk_full',
      'us',
    ],
  ])('%s', async (_, error, code, fault) => {
    const runId = await start();
    expect(await train(runId, failing(error))).toBe('failed');
    expect(await failureOf(runId)).toMatchObject({ errorCode: code, fault });
  });

  it('a damaged row of the version', async () => {
    const file = join(factory.folder, 'objects', version.objectKey);
    const whole = await factory.store.get(version.objectKey);
    await writeFile(file, Buffer.from(whole).toString().replace('{"', '{broken'));
    const runId = await start();
    expect(await train(runId)).toBe('failed');
    expect(await failureOf(runId)).toMatchObject({ errorCode: 'row_unreadable', fault: 'us', again: true });
    await writeFile(file, whole);
  });

  it('a base that is gone', async () => {
    const runId = await start();
    const base = join(factory.folder, 'models', tinyBase);
    await rename(base, `${base}-away`);
    expect(await train(runId)).toBe('failed');
    expect(await failureOf(runId)).toMatchObject({ errorCode: 'base_missing', fault: 'us' });
    await rename(`${base}-away`, base);
  });

  it('a run that takes too long, which keeps its checkpoint', async () => {
    const runId = await start({ ...tinyRecipe, epochs: 50, evalEverySteps: 1 });
    expect(await train(runId, engine, 2_500)).toBe('failed');
    const [row] = await database.db.select().from(trainingRuns).where(eq(trainingRuns.id, runId));
    expect(await failureOf(runId)).toMatchObject({ errorCode: 'training_timeout', again: false });
    expect(row!.checkpointKey).not.toBeNull();
  }, 30_000);

  it('a launch beyond the quota, before anything is queued', async () => {
    const open = await Promise.all(Array.from({ length: 5 }, () => start()));
    await expect(start()).rejects.toMatchObject({
      code: 'too_many_runs',
      message: expect.stringContaining('Wait for one to end, or stop one'),
    });
    for (const runId of open) await cancelTrainingRun(factory, alice, { runId });
  });

  it('a cancelled training ends within a step and is metered by what it read', async () => {
    const runId = await start({ ...tinyRecipe, epochs: 50, evalEverySteps: 1 });
    const cancelling: TrainingEngine = {
      ...engine,
      async *train(input) {
        for await (const event of engine.train(input)) {
          yield event;
          if (event.type === 'step' && event.step === 3) await cancelTrainingRun(factory, alice, { runId });
        }
      },
    };
    expect(await train(runId, cancelling)).toBe('cancelled');
    const events = await listRunEvents(database.db, runId, 0);
    const { data } = events.find(({ type }) => type === 'cancelled')!;
    const { trainTokens } = events.find(({ type }) => type === 'started')!.data as { trainTokens: number };
    expect(data.trainedTokens).toBeGreaterThan(0);
    expect(data.trainedTokens).toBeLessThan(trainTokens);
  }, 30_000);
});
