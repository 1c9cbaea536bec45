import { Worker } from 'node:worker_threads';
import type { EmbedInput } from './embedding-service.ts';

export type EmbeddingAnswer = {
  id: number;
  vectors?: Float32Array[];
  failure?: { name: string; message: string; code: string | undefined };
};
type Waiting = { resolve: (vectors: Float32Array[]) => void; reject: (error: Error) => void };

/**
 * Vectors of texts under one base with any of its adapters, in a thread of its own: the computation blocks a thread. The base is
 * loaded once; requests are answered in turn.
 */
export class EmbeddingEngine {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  /** False once the thread has ended; it answers nothing any more. */
  isOpen = true;

  constructor(input: { modelDir: string; threads: number }) {
    this.worker = new Worker(new URL('./embedding-worker.ts', import.meta.url), { workerData: input });
    this.worker.unref();
    this.worker.on('message', (answer: EmbeddingAnswer) => this.settle(answer));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () =>
      this.fail(Object.assign(new Error('the embedding thread has ended'), { code: 'engine_stopped' })),
    );
  }

  /** How many requests are not answered yet. */
  get queued(): number {
    return this.waiting.size;
  }

  /** A vector of length 1 for each text's token ids. @throws the errors of `loadBaseModel` and `readAdapter`, by name and code */
  embed(input: EmbedInput): Promise<Float32Array[]> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, input });
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private settle({ id, vectors, failure }: EmbeddingAnswer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (vectors) waiting?.resolve(vectors);
    else waiting?.reject(Object.assign(new Error(failure!.message), { name: failure!.name, code: failure!.code }));
  }

  private fail(error: Error): void {
    this.isOpen = false;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
