import { Worker } from 'node:worker_threads';
import type { WorkerFailure, WorkerMessage, WorkerRequest } from './worker-messages.ts';

export type ThreadOptions = {
  /** Module that calls `serveWorkerJob`. */
  entry: URL;
  /** Asks the job to stop; it ends after its current step, with whatever error it stops with. */
  signal?: AbortSignal | undefined;
  /** Rebuilds an error of the job on this side; class identity does not survive the thread border. */
  toError: (failure: WorkerFailure) => Error;
};

/**
 * Runs a generator of events in a worker thread, so that this thread's event loop stays free while it computes.
 * Leaving the iteration early stops the job and waits for its thread.
 */
export async function* runInThread<Input, Event>(input: Input, options: ThreadOptions): AsyncGenerator<Event> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerRequest<Input> = { input, stop };
  const worker = new Worker(options.entry, { workerData });
  const queue: WorkerMessage<Event>[] = [];
  let wake: () => void = () => {};
  const push = (message: WorkerMessage<Event>): void => {
    queue.push(message);
    wake();
  };
  const fail = (error: Error): void => push({ kind: 'failed', failure: { name: error.name, message: error.message } });
  worker.on('message', push);
  worker.on('error', fail);
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      fail(new Error(`The worker thread ended with code ${code}.`));
      resolve();
    });
  });
  const requestStop = (): void => {
    Atomics.store(stop, 0, 1);
  };
  options.signal?.addEventListener('abort', requestStop);
  if (options.signal?.aborted) requestStop();
  try {
    while (true) {
      const message = queue.shift();
      if (!message) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (message.kind === 'event') yield message.event;
      else if (message.kind === 'failed') throw options.toError(message.failure);
      else return;
    }
  } finally {
    options.signal?.removeEventListener('abort', requestStop);
    requestStop();
    // Waited for and never terminated: ending a thread inside the native runtime can take the whole process with it.
    await exited;
  }
}
