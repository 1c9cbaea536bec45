import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerMessage, WorkerRequest } from './worker-messages.ts';

/** The worker's side of `runInThread`: runs the job on the input that the thread was started with. */
export async function serveWorkerJob<Input, Event>(
  job: (input: Input, isStopped: () => boolean) => AsyncGenerator<Event>,
): Promise<void> {
  const { input, stop } = workerData as WorkerRequest<Input>;
  const post = (message: WorkerMessage<Event>): void => parentPort?.postMessage(message);
  try {
    for await (const event of job(input, () => Atomics.load(stop, 0) === 1)) post({ kind: 'event', event });
    post({ kind: 'finished' });
  } catch (error) {
    const { name, message, code } = error as Error & { code?: unknown };
    post({ kind: 'failed', failure: { name, message, code: typeof code === 'string' ? code : undefined } });
  }
}
