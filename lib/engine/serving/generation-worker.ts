import { parentPort, workerData } from 'node:worker_threads';
import { openModelDir } from '../io/model-dir.ts';
import type { CachedAdapter } from './adapter-cache.ts';
import { type ErrorMessage, toErrorMessage } from './errors.ts';
import { Scheduler, type Submission } from './scheduler.ts';
import type { GenerateEvent } from './types.ts';

/** Thread entry of `GenerationEngine`: owns the weights, the sessions and the schedule. */
export type WorkerOptions = {
  modelDir: string;
  slots: number;
  threads: number;
  adapterCacheBytes: number;
  contextTokensMax: number;
};

export type ToWorker =
  | { type: 'generate'; id: number; request: Submission['request'] }
  | { type: 'cancel'; id: number }
  | { type: 'close' };

export type FromWorker =
  | { type: 'ready'; contextTokens: number }
  | { type: 'unopened'; error: ErrorMessage }
  | { type: 'event'; id: number; event: GenerateEvent; adapters: CachedAdapter[] | null }
  | { type: 'error'; id: number; error: ErrorMessage };

const post = (message: FromWorker): void => parentPort!.postMessage(message);

try {
  const { modelDir, contextTokensMax, ...options } = workerData as WorkerOptions;
  const model = await openModelDir(modelDir);
  const contextTokens = Math.min(model.config.max_position_embeddings, contextTokensMax);
  const scheduler = new Scheduler(model, {
    ...options,
    contextTokens,
    now: () => performance.timeOrigin + performance.now(),
  });
  parentPort!.on('message', (message: ToWorker) => handle(scheduler, message));
  post({ type: 'ready', contextTokens });
  await scheduler.run();
  parentPort!.close();
} catch (error) {
  post({ type: 'unopened', error: toErrorMessage(error) });
  parentPort!.close();
}

function handle(scheduler: Scheduler, message: ToWorker): void {
  if (message.type === 'close') scheduler.close();
  else if (message.type === 'cancel') scheduler.cancel(message.id);
  else submit(scheduler, message.id, message.request);
}

function submit(scheduler: Scheduler, id: number, request: Submission['request']): void {
  let isFirst = true;
  void scheduler.submit({
    id,
    request,
    emit: (event) => {
      // Adapter states change when a sequence starts and ends; every token would be noise.
      const adapters = isFirst || event.type === 'done' ? scheduler.adapterStates() : null;
      isFirst = false;
      post({ type: 'event', id, event, adapters });
    },
    fail: (error) => post({ type: 'error', id, error: toErrorMessage(error) }),
  });
}
