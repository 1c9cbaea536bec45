import { Worker } from 'node:worker_threads';
import type { WorkerFailure } from '../runtime/worker-messages.ts';
import type { IndexPlace, ModelPlace, RescoreInput } from './attribution-service.ts';
import type {
  AttributionJob,
  AttributionResult,
  FromAttributionWorker,
  ToAttributionWorker,
} from './attribution-worker.ts';
import type { BuildIndexInput, BuiltIndex } from './build-index.ts';
import { AttributionIndexError, AttributionQueryError, AttributionStoppedError } from './errors.ts';
import type { ProbeInfluenceInput, RowInfluence } from './probe-influence.ts';
import type { Answer, QueryCodes } from './query-codes.ts';
import type { SubsetValues, SubsetValuesInput } from './retrieval/subset-values.ts';
import type { InferenceScores, ScoredAnswer } from './score-inference.ts';
import type { RowScores } from './score-rows.ts';

export type BuildAttributionIndexOptions = BuildIndexInput &
  ModelPlace & { onProgress?: (done: number, total: number) => void; signal?: AbortSignal };

export type ScoreInferenceOptions = ScoredAnswer & ModelPlace & IndexPlace;

type Pending = {
  resolve: (result: AttributionResult) => void;
  reject: (error: Error) => void;
  onProgress: ((done: number, total: number) => void) | undefined;
};

/**
 * Training data attribution (reference: influence on LoRA B gradients, through the damped Fisher) in a thread of its own,
 * which keeps bases, compiled graphs and indexes between calls. Jobs run one after the other.
 */
export class AttributionEngine {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private stopped: AttributionStoppedError | null = null;
  private nextId = 0;

  /** @param threads intra-op threads of index building; a query is one thread's work. Default 1 */
  static open({ threads = 1 }: { threads?: number } = {}): AttributionEngine {
    return new AttributionEngine(
      new Worker(new URL('./attribution-worker.ts', import.meta.url), { workerData: { threads } }),
    );
  }

  private constructor(worker: Worker) {
    this.worker = worker;
    worker.on('message', (message: FromAttributionWorker) => this.receive(message));
    worker.on('error', (cause) => this.stop(new AttributionStoppedError('The attribution thread failed.', { cause })));
    worker.on('exit', () => this.stop(new AttributionStoppedError('The attribution engine is closed.')));
  }

  /**
   * Writes the attribution index of an adapter to `outFile`. `signal` stops it within a batch of rows.
   * @throws AttributionStoppedError; TrainingError dataset_empty and the errors of model and adapter folders, by `code`
   */
  async buildIndex({ onProgress, signal, ...input }: BuildAttributionIndexOptions): Promise<BuiltIndex> {
    return (await this.run({ kind: 'build', input }, onProgress, signal)) as BuiltIndex;
  }

  /** Scores every row of an index against one answer. @throws AttributionIndexError, AttributionQueryError */
  async score(input: ScoreInferenceOptions): Promise<InferenceScores> {
    return (await this.run({ kind: 'score', input })) as InferenceScores;
  }

  /** The float step of `score` alone: gradient, projection and quantising. Throws as `score` does. */
  async queryCodes(input: Answer & ModelPlace & IndexPlace): Promise<QueryCodes> {
    return (await this.run({ kind: 'queryCodes', input })) as QueryCodes;
  }

  /**
   * The integer steps of `score` alone, from an index file and the codes of a query: the same bits everywhere.
   * @throws AttributionIndexError, AttributionQueryError when the codes are none of this index
   */
  async rescore(input: RescoreInput): Promise<RowScores> {
    return (await this.run({ kind: 'rescore', input })) as RowScores;
  }

  /** What each subset of the rows in a prompt is worth to the answer. @throws AttributionQueryError */
  async subsetValues(input: SubsetValuesInput & ModelPlace): Promise<SubsetValues> {
    return (await this.run({ kind: 'subsetValues', input })) as SubsetValues;
  }

  /** Influence of every row on trusted answers, see `probeInfluence`. `signal` stops it within eight of them. */
  async probeInfluence({
    signal,
    ...input
  }: ProbeInfluenceInput & ModelPlace & IndexPlace & { signal?: AbortSignal }): Promise<{ rows: RowInfluence[] }> {
    return (await this.run({ kind: 'probeInfluence', input }, undefined, signal)) as { rows: RowInfluence[] };
  }

  /** Ends the thread at once; jobs that are not done fail with AttributionStoppedError and leave no file. */
  async close(): Promise<void> {
    this.stop(new AttributionStoppedError('The attribution engine is closed.'));
    await this.worker.terminate();
  }

  private async run(job: AttributionJob, onProgress?: Pending['onProgress'], signal?: AbortSignal) {
    if (this.stopped) throw this.stopped;
    if (signal?.aborted) throw new AttributionStoppedError('Stopped before it began.');
    const id = this.nextId++;
    const stop = (): void => this.send({ kind: 'stop', id });
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise<AttributionResult>((resolve, reject) => {
        this.pending.set(id, { resolve, reject, onProgress });
        this.send({ kind: 'job', id, job });
      });
    } finally {
      signal?.removeEventListener('abort', stop);
      this.pending.delete(id);
    }
  }

  private send(message: ToAttributionWorker): void {
    if (!this.stopped) this.worker.postMessage(message);
  }

  private receive(message: FromAttributionWorker): void {
    const pending = this.pending.get(message.id);
    if (message.kind === 'progress') pending?.onProgress?.(message.done, message.total);
    else if (message.kind === 'result') pending?.resolve(message.result);
    else pending?.reject(toError(message.failure));
  }

  private stop(error: AttributionStoppedError): void {
    this.stopped ??= error;
    for (const { reject } of this.pending.values()) reject(this.stopped);
  }
}

/** One-shot form of `AttributionEngine.buildIndex`. */
export async function buildAttributionIndex(
  options: BuildAttributionIndexOptions & { threads?: number },
): Promise<BuiltIndex> {
  const engine = AttributionEngine.open(options);
  try {
    return await engine.buildIndex(withoutThreads(options));
  } finally {
    await engine.close();
  }
}

function withoutThreads<T extends { threads?: number }>({ threads: _threads, ...rest }: T): Omit<T, 'threads'> {
  return rest;
}

function toError({ name, message, code }: WorkerFailure): Error {
  if (code === 'attribution_index_invalid') return new AttributionIndexError(message);
  if (code === 'attribution_query_invalid') return new AttributionQueryError(message);
  if (code === 'attribution_stopped') return new AttributionStoppedError(message);
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}
