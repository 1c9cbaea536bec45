import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { AdapterCache } from './adapter-cache.ts';
import { BatchRunner } from './batch-runner.ts';
import { createAdapterLoader } from './load-adapter.ts';
import { Scheduler, type Submission } from './scheduler.ts';
import type { GenerateDone } from './types.ts';

let root = '';
let modelDir = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'scheduler-'));
  modelDir = await createTinyModel(join(root, 'model'));
  await createTinyAdapter(join(root, 'small'), 'small', { r: 2, targetModules: ['q_proj'] });
  await createTinyAdapter(join(root, 'large'), 'large', { r: 16 });
});
afterAll(() => rm(root, { recursive: true }));

type Logged = { id: number; what: 'token' | GenerateDone['finishReason'] };

/** Runs a scheduler in this thread until all submissions are over; `onEvent` may submit and cancel meanwhile. */
async function schedule(
  slots: number,
  begin: (scheduler: Scheduler, submit: (id: number, request: Partial<Submission['request']>) => void) => void,
  onEvent: (scheduler: Scheduler, log: readonly Logged[]) => void = () => {},
) {
  const runner = await BatchRunner.open(modelDir, () => ({ slots, contextTokens: 96, threads: 1, chunkTokens: 8 }));
  const cache = new AdapterCache(await createAdapterLoader(modelDir), 1e9, () => performance.now());
  const scheduler = new Scheduler(runner, cache, { now: () => performance.now(), flush: () => {} });
  const log: Logged[] = [];
  const answers = new Map<number, GenerateDone>();
  let open = 0;
  const submit = (id: number, request: Partial<Submission['request']>): void => {
    open++;
    const defaults = { messages: [], promptIds: [id, 7, 9], maxTokens: 4, temperature: 0, topP: 1, seed: 1 };
    scheduler.submit({
      id,
      request: { ...defaults, ...request },
      emit: (event) => {
        log.push({ id, what: event.type === 'done' ? event.finishReason : 'token' });
        if (event.type === 'done') answers.set(id, event);
        onEvent(scheduler, log);
        if (event.type === 'done' && --open === 0) scheduler.close();
      },
      fail: (error) => {
        throw error;
      },
    });
  };
  begin(scheduler, submit);
  await scheduler.run();
  return { log, answers, metrics: scheduler.snapshot() };
}

const count = (log: readonly Logged[], id: number): number => log.filter((entry) => entry.id === id).length;

it('decodes a token for those who run between any two pieces of a long prompt', async () => {
  const promptIds = Array.from({ length: 64 }, (_, i) => i + 3);
  const { log, metrics } = await schedule(2, (_, submit) => {
    submit(1, { maxTokens: 40 });
    submit(2, { promptIds });
  });
  const before = log.slice(
    0,
    log.findIndex(({ id }) => id === 2),
  );
  // Eight pieces of eight tokens; the first comes in the turn after the other's prompt.
  expect(count(before, 1)).toBe(9);
  expect(metrics).toMatchObject({ prefillChunksTotal: 9, promptTokensTotal: 67, decodeStepsTotal: 39 });
  expect(metrics.decodeRowsTotal).toBe(39 + 3);
  expect(metrics.timeToFirstTokenMs.count).toBe(2);
});

it('ends a cancelled answer before the next step, and gives its slot to who waits', async () => {
  const { log, answers } = await schedule(
    1,
    (_, submit) => {
      submit(1, { maxTokens: 80 });
      submit(2, {});
    },
    (scheduler, so) => {
      if (count(so, 1) === 3) scheduler.cancel(1);
    },
  );
  expect(log.map(({ id, what }) => `${id} ${what}`)).toEqual([
    ...Array(3).fill('1 token'),
    '1 cancelled',
    ...Array(4).fill('2 token'),
    '2 length',
  ]);
  expect(answers.get(1)!.completionIds).toHaveLength(3);
});

it('serves a second caller while the first one’s requests wait', async () => {
  const { log } = await schedule(2, (_, submit) => {
    for (let id = 1; id <= 8; id++) submit(id, { caller: 'many' });
    submit(9, { caller: 'one' });
  });
  const ends = log.filter(({ what }) => what === 'length').map(({ id }) => id);
  // Both callers get a slot at once: fewest in service goes first.
  expect(ends.indexOf(9)).toBeLessThan(2);
});

it('does not change an answer when adapters of other ranks and modules join it', async () => {
  const adapter = { id: 'small', dir: join(root, 'small') };
  const long = { maxTokens: 60, adapter, temperature: 1, topP: 0.95, seed: 5 };
  const alone = await schedule(1, (_, submit) => submit(1, long));
  let hasJoined = false;
  let later: (id: number, request: Partial<Submission['request']>) => void = () => {};
  const joined = await schedule(
    3,
    (_, submit) => {
      later = submit;
      submit(1, long);
    },
    (_, log) => {
      if (hasJoined || count(log, 1) < 10) return;
      hasJoined = true;
      later(2, { adapter: { id: 'large', dir: join(root, 'large') }, maxTokens: 20 });
      later(3, { maxTokens: 30 });
    },
  );
  expect(joined.answers.get(1)!.completionIds).toEqual(alone.answers.get(1)!.completionIds);
  expect(joined.answers.get(2)!.completionIds).not.toEqual(joined.answers.get(3)!.completionIds);
  expect(joined.metrics.adapters).toMatchObject({ hot: 2, missesTotal: 2, hitsTotal: 0 });
});
