import { randomInt } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { CachedAdapter } from './adapter-cache.ts';
import { EngineStoppedError, fromErrorMessage, GenerateRequestError, QueueFullError } from './errors.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './generation-worker.ts';
import type { GenerateEvent, GenerateRequest } from './types.ts';

export type GenerationEngineOptions = {
  modelDir: string;
  /** Sequences decoded at the same time. Default 8. */
  maxSlots?: number;
  /** Requests that may wait beyond those. Default 64. */
  maxQueued?: number;
  /** Intra-op threads. Default 1: spinning threads on a busy machine are far slower than one. */
  threads?: number;
  /** Memory for adapters that are not in use. Default 256 MiB. */
  adapterCacheBytes?: number;
  /** Caps the model's own context, which bounds the cache's memory. Default 2048. */
  contextTokensMax?: number;
};

/**
 * Serves one base model and any number of its LoRA adapters from a thread of its own, so that the caller's event loop
 * stays free. Requests with different adapters share every decoding step.
 */
export class GenerationEngine {
  /** Prompt and answer together. */
  readonly contextTokens: number;
  private readonly worker: Worker;
  private readonly pending = new Map<number, EventQueue>();
  private readonly requestsMax: number;
  private adapterStates: CachedAdapter[] = [];
  private stopped: EngineStoppedError | null = null;
  private nextId = 0;

  /** @throws ModelDirError, ModelConfigError, SafetensorsError or TokenizerError (by `code`) if the folder is refused */
  static async open(options: GenerationEngineOptions): Promise<GenerationEngine> {
    const { modelDir, maxSlots = 8, maxQueued = 64, threads = 1, adapterCacheBytes = 2 ** 28 } = options;
    const workerData: WorkerOptions = {
      modelDir,
      slots: maxSlots,
      threads,
      adapterCacheBytes,
      contextTokensMax: options.contextTokensMax ?? 2048,
    };
    const worker = new Worker(new URL('./generation-worker.ts', import.meta.url), { workerData });
    const contextTokens = await new Promise<number>((resolve, reject) => {
      worker.once('error', (cause) => reject(new EngineStoppedError('The engine thread failed.', { cause })));
      worker.once('exit', () => reject(new EngineStoppedError('The engine thread ended before it was ready.')));
      worker.once('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve(message.contextTokens);
        else if (message.type === 'unopened') reject(fromErrorMessage(message.error));
      });
    });
    return new GenerationEngine(worker, contextTokens, maxSlots + maxQueued);
  }

  private constructor(worker: Worker, contextTokens: number, requestsMax: number) {
    this.worker = worker;
    this.contextTokens = contextTokens;
    this.requestsMax = requestsMax;
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', (cause) => this.stop(new EngineStoppedError('The engine thread failed.', { cause })));
    worker.on('exit', () => this.stop(new EngineStoppedError('The engine is closed.')));
  }

  /**
   * Streams an answer. Ends with a `done` event, also when `signal` aborts. Leaving the loop early cancels the request.
   *
   * @throws GenerateRequestError, QueueFullError at once; PromptTooLongError, AdapterMismatchError, AdapterFormatError
   * before the first token; EngineStoppedError when the engine closes meanwhile
   */
  async *generate(request: GenerateRequest): AsyncGenerator<GenerateEvent, void, undefined> {
    checkRequest(request);
    if (this.stopped) throw this.stopped;
    if (this.pending.size >= this.requestsMax) throw new QueueFullError(this.requestsMax);
    const { signal, seed = randomInt(2 ** 47), ...rest } = request;
    const id = this.nextId++;
    const events = new EventQueue();
    this.pending.set(id, events);
    const cancel = (): void => this.send({ type: 'cancel', id });
    signal?.addEventListener('abort', cancel, { once: true });
    let isDone = false;
    try {
      this.send({ type: 'generate', id, request: { ...rest, seed } });
      if (signal?.aborted) cancel();
      while (!isDone) {
        const event = await events.next();
        isDone = event.type === 'done';
        yield event;
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.pending.delete(id);
      if (!isDone) cancel();
    }
  }

  /** Adapters in memory, as of the last sequence that started or ended. All others are cold. */
  adapters(): readonly CachedAdapter[] {
    return this.adapterStates;
  }

  /** Stops after the step in progress; running requests throw EngineStoppedError. */
  async close(): Promise<void> {
    if (this.stopped) return;
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    this.send({ type: 'close' });
    this.stop(new EngineStoppedError('The engine is closed.'));
    await exited;
  }

  private send(message: ToWorker): void {
    if (!this.stopped) this.worker.postMessage(message);
  }

  private receive(message: FromWorker): void {
    if (message.type !== 'event' && message.type !== 'error') return;
    if (message.type === 'event' && message.adapters) this.adapterStates = message.adapters;
    const events = this.pending.get(message.id);
    if (message.type === 'event') events?.push(message.event);
    else events?.fail(fromErrorMessage(message.error));
  }

  private stop(error: EngineStoppedError): void {
    this.stopped ??= error;
    for (const events of this.pending.values()) events.fail(this.stopped);
  }
}

/** Events that wait for their reader. */
class EventQueue {
  private readonly events: GenerateEvent[] = [];
  private error: Error | null = null;
  private wake: () => void = () => {};

  push(event: GenerateEvent): void {
    this.events.push(event);
    this.wake();
  }

  fail(error: Error): void {
    this.error ??= error;
    this.wake();
  }

  async next(): Promise<GenerateEvent> {
    for (;;) {
      const event = this.events.shift();
      if (event) return event;
      if (this.error) throw this.error;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

function checkRequest({ messages, maxTokens, temperature, topP }: GenerateRequest): void {
  if (messages.length === 0) throw new GenerateRequestError('messages is empty.');
  if (!Number.isInteger(maxTokens) || maxTokens < 1) {
    throw new GenerateRequestError(`maxTokens is ${maxTokens}; it must be a positive integer.`);
  }
  if (!(temperature >= 0 && temperature <= 2)) {
    throw new GenerateRequestError(`temperature is ${temperature}; it must be from 0 to 2.`);
  }
  if (!(topP > 0 && topP <= 1)) throw new GenerateRequestError(`topP is ${topP}; it must be above 0 and at most 1.`);
}
