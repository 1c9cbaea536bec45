import { Worker } from 'node:worker_threads';
import type { LoadReply, LoadRequest } from './adapter-loader-worker.ts';
import type { PreparedAdapter } from './adapter-slots.ts';
import { EngineStoppedError, fromErrorMessage } from './errors.ts';
import type { AdapterRef } from './types.ts';

type Waiting = { resolve: (adapter: PreparedAdapter) => void; reject: (error: Error) => void };

/**
 * Reads adapters in a thread of its own. The thread that decodes is busy for a whole step at a time, and reading a folder
 * takes a dozen turns of the event loop: it would take a dozen steps there, and take their time from everyone.
 */
export class AdapterLoaderThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private failure: Error | null = null;
  private nextId = 0;

  constructor(modelDir: string) {
    this.worker = new Worker(new URL('./adapter-loader-worker.ts', import.meta.url), { workerData: { modelDir } });
    this.worker.on('message', (reply: LoadReply) => {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('adapter' in reply) waiting?.resolve(reply.adapter);
      else waiting?.reject(fromErrorMessage(reply.error));
    });
    this.worker.on('error', (cause) => this.fail(new EngineStoppedError('The adapter loader failed.', { cause })));
    this.worker.on('exit', () => this.fail(new EngineStoppedError('The adapter loader is closed.')));
  }

  /** @throws AdapterFormatError, AdapterMismatchError, or by code what else the loader throws */
  load(ref: AdapterRef): Promise<PreparedAdapter> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ref } satisfies LoadRequest);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}
