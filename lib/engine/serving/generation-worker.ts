import { parentPort, workerData } from 'node:worker_threads';
import type { GenerationDefaults } from '../nn/generation-config.ts';
import { AdapterCache } from './adapter-cache.ts';
import { AdapterLoaderThread } from './adapter-loader-thread.ts';
import { BatchRunner } from './batch-runner.ts';
import { type ErrorMessage, toErrorMessage } from './errors.ts';
import { Outbox, type StreamItem } from './outbox.ts';
import { Scheduler, type Submission } from './scheduler.ts';
import type { AdapterRef, AdapterState, EngineMetrics, GenerateEvent } from './types.ts';

/** Thread entry of `GenerationEngine`: owns the weights, the session and the schedule. */
export type WorkerOptions = {
  modelDir: string;
  slots: number;
  threads: number;
  adapterCacheBytes: number;
  contextTokensMax: number;
};

/** Questions have one answer each, which carries their id. */
export type Question =
  | { type: 'adapters' }
  | { type: 'metrics' }
  | { type: 'prewarm'; adapter: AdapterRef; pin: boolean }
  | { type: 'unload'; adapterId: string };

export type Answers = { adapters: AdapterState[]; metrics: EngineMetrics; prewarm: null; unload: boolean };

export type ToWorker =
  | { type: 'generate'; id: number; request: Submission['request'] }
  | { type: 'cancel'; id: number }
  | { type: 'ask'; id: number; question: Question }
  | { type: 'close' };

export type FromWorker =
  | { type: 'ready'; contextTokens: number; generation: GenerationDefaults }
  | { type: 'unopened'; error: ErrorMessage }
  /** What the last turns of the scheduler brought, in order. */
  | { type: 'events'; items: StreamItem[] }
  | { type: 'answer'; id: number; value: Answers[Question['type']] }
  | { type: 'refusal'; id: number; error: ErrorMessage };

const post = (message: FromWorker): void => parentPort!.postMessage(message);
const now = (): number => performance.timeOrigin + performance.now();

try {
  await serve(workerData as WorkerOptions);
} catch (error) {
  post({ type: 'unopened', error: toErrorMessage(error) });
}
parentPort!.close();

async function serve({ modelDir, contextTokensMax, slots, threads, adapterCacheBytes }: WorkerOptions): Promise<void> {
  const runner = await BatchRunner.open(modelDir, ({ config }) => ({
    slots,
    threads,
    contextTokens: Math.min(config.max_position_embeddings, contextTokensMax),
  }));
  const loader = new AdapterLoaderThread(modelDir);
  const cache = new AdapterCache((ref) => loader.load(ref), adapterCacheBytes, now);
  const outbox = new Outbox((items) => post({ type: 'events', items }), now);
  const flush = (): void => outbox.flush();
  const scheduler = new Scheduler(runner, cache, { now, flush });
  parentPort!.on('message', (message: ToWorker) => {
    if (message.type === 'close') scheduler.close();
    else if (message.type === 'cancel') scheduler.cancel(message.id);
    else if (message.type === 'ask') void answer(message.id, message.question, scheduler, cache);
    else {
      const { id, request } = message;
      const emit = (event: GenerateEvent): void => outbox.add({ id, event });
      scheduler.submit({ id, request, emit, fail: (error) => outbox.add({ id, error: toErrorMessage(error) }) });
    }
  });
  post({ type: 'ready', contextTokens: runner.options.contextTokens, generation: runner.model.generation });
  await scheduler.run();
  await loader.close();
}

async function answer(id: number, question: Question, scheduler: Scheduler, cache: AdapterCache): Promise<void> {
  try {
    if (question.type === 'adapters') post({ type: 'answer', id, value: cache.states() });
    else if (question.type === 'metrics') post({ type: 'answer', id, value: scheduler.snapshot() });
    else if (question.type === 'unload') post({ type: 'answer', id, value: cache.unload(question.adapterId) });
    else {
      scheduler.expect(await cache.prewarm(question.adapter, question.pin));
      post({ type: 'answer', id, value: null });
    }
  } catch (error) {
    post({ type: 'refusal', id, error: toErrorMessage(error) });
  }
}
