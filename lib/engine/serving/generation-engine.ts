import { randomInt } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { GenerationDefaults } from '../nn/generation-config.ts';
import { AdmissionGate } from './admission-gate.ts';
import { checkRequest } from './check-request.ts';
import { EngineStoppedError, fromErrorMessage } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import type { Answers, FromWorker, Question, ToWorker, WorkerOptions } from './generation-worker.ts';
import type {
  AdapterRef,
  AdapterState,
  EngineMetrics,
  GenerateEvent,
  GenerateRequest,
  ServingBackend,
} from './types.ts';

export type GenerationEngineOptions = {
  modelDir: string;
  /** Sequences decoded at the same time. Default 8. */
  maxSlots?: number;
  /** Requests that may wait beyond those; of one caller, half as many. Default 64. */
  maxQueued?: number;
  /** Intra-op threads. Default 1: spinning threads on a busy machine are far slower than one. */
  threads?: number;
  /** Memory for adapters. Default 256 MiB. Those in use or pinned stay even when they need more. */
  adapterCacheBytes?: number;
  /** Caps the model's own context, which bounds the cache's memory. Default 2048. */
  contextTokensMax?: number;
};

type Asked = { resolve: (value: never) => void; reject: (error: Error) => void };

/**
 * Serves one base model and any number of its LoRA adapters from a thread of its own, so that the caller's event loop
 * stays free. Requests with different adapters share every decoding step. Several engines may be open at once.
 */
export class GenerationEngine implements ServingBackend {
  readonly contextTokens: number;
  /** What the checkpoint's authors propose for sampling, for requests that leave it open. */
  readonly generation: GenerationDefaults;
  private readonly worker: Worker;
  private readonly gate: AdmissionGate;
  private readonly streams = new Map<number, EventQueue>();
  private readonly asked = new Map<number, Asked>();
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
    const ready = await new Promise<FromWorker & { type: 'ready' }>((resolve, reject) => {
      worker.once('error', (cause) => reject(new EngineStoppedError('The engine thread failed.', { cause })));
      worker.once('exit', () => reject(new EngineStoppedError('The engine thread ended before it was ready.')));
      worker.once('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve(message);
        else if (message.type === 'unopened') reject(fromErrorMessage(message.error));
      });
    });
    return new GenerationEngine(worker, ready, new AdmissionGate({ maxSlots, maxQueued }));
  }

  private constructor(worker: Worker, ready: FromWorker & { type: 'ready' }, gate: AdmissionGate) {
    this.worker = worker;
    this.gate = gate;
    this.contextTokens = ready.contextTokens;
    this.generation = ready.generation;
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', (cause) => this.stop(new EngineStoppedError('The engine thread failed.', { cause })));
    worker.on('exit', () => this.stop(new EngineStoppedError('The engine is closed.')));
  }

  async *generate(request: GenerateRequest): AsyncGenerator<GenerateEvent, void, undefined> {
    checkRequest(request);
    if (this.stopped) throw this.stopped;
    const leave = this.gate.enter(request.caller);
    const { signal, seed = randomInt(2 ** 47), ...rest } = request;
    const id = this.nextId++;
    const events = new EventQueue();
    this.streams.set(id, events);
    const cancel = (): void => this.send({ type: 'cancel', id });
    signal?.addEventListener('abort', cancel, { once: true });
    let isDone = false;
    try {
      this.send({ type: 'generate', id, request: { ...rest, seed } });
      if (signal?.aborted) cancel();
      while (!isDone) {
        const event = await events.next();
        isDone = event.type === 'done';
        // Before the reader takes the event: who has its last one may ask again at once.
        if (isDone) leave();
        yield event;
      }
    } finally {
      leave();
      signal?.removeEventListener('abort', cancel);
      this.streams.delete(id);
      if (!isDone) cancel();
    }
  }

  adapters(): Promise<readonly AdapterState[]> {
    return this.ask({ type: 'adapters' });
  }

  async metrics(): Promise<EngineMetrics> {
    const metrics = await this.ask({ type: 'metrics' });
    return { ...metrics, requestsTotal: { ...metrics.requestsTotal, rejected: this.gate.rejected } };
  }

  async prewarm(adapter: AdapterRef, { pin = false }: { pin?: boolean } = {}): Promise<void> {
    await this.ask({ type: 'prewarm', adapter, pin });
  }

  unload(adapterId: string): Promise<boolean> {
    return this.ask({ type: 'unload', adapterId });
  }

  /** Stops after the step in progress; running requests throw EngineStoppedError. */
  async close(): Promise<void> {
    if (this.stopped) return;
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    this.send({ type: 'close' });
    this.stop(new EngineStoppedError('The engine is closed.'));
    await exited;
  }

  private ask<Q extends Question>(question: Q): Promise<Answers[Q['type']]> {
    if (this.stopped) return Promise.reject(this.stopped);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.send({ type: 'ask', id, question });
    });
  }

  private send(message: ToWorker): void {
    if (!this.stopped) this.worker.postMessage(message);
  }

  private receive(message: FromWorker): void {
    if (message.type === 'events') {
      for (const item of message.items) {
        if ('event' in item) this.streams.get(item.id)?.push(item.event);
        else this.streams.get(item.id)?.fail(fromErrorMessage(item.error));
      }
    } else if (message.type === 'answer' || message.type === 'refusal') {
      const asked = this.asked.get(message.id);
      this.asked.delete(message.id);
      if (message.type === 'answer') asked?.resolve(message.value as never);
      else asked?.reject(fromErrorMessage(message.error));
    }
  }

  private stop(error: EngineStoppedError): void {
    this.stopped ??= error;
    for (const events of this.streams.values()) events.fail(this.stopped);
    for (const { reject } of this.asked.values()) reject(this.stopped);
    this.asked.clear();
  }
}
