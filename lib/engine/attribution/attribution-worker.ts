import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerFailure } from '../runtime/worker-messages.ts';
import { AttributionService, type IndexPlace, type ModelPlace, type RescoreInput } from './attribution-service.ts';
import type { BuildIndexInput, BuildProgress, BuiltIndex } from './build-index.ts';
import type { ProbeInfluenceInput, RowInfluence } from './probe-influence.ts';
import type { Answer, QueryCodes } from './query-codes.ts';
import type { SubsetValues, SubsetValuesInput } from './retrieval/subset-values.ts';
import type { InferenceScores, ScoredAnswer } from './score-inference.ts';
import type { RowScores } from './score-rows.ts';

/** Thread entry of `AttributionEngine`: jobs run one after the other, in the order in which they came. */
export type AttributionJob =
  | { kind: 'build'; input: BuildIndexInput & ModelPlace }
  | { kind: 'score'; input: ScoredAnswer & ModelPlace & IndexPlace }
  | { kind: 'queryCodes'; input: Answer & ModelPlace & IndexPlace }
  | { kind: 'probeInfluence'; input: ProbeInfluenceInput & ModelPlace & IndexPlace }
  | { kind: 'rescore'; input: RescoreInput }
  | { kind: 'subsetValues'; input: SubsetValuesInput & ModelPlace };

export type AttributionResult =
  | BuiltIndex
  | InferenceScores
  | QueryCodes
  | RowScores
  | SubsetValues
  | { rows: RowInfluence[] };

export type ToAttributionWorker = { kind: 'job'; id: number; job: AttributionJob } | { kind: 'stop'; id: number };

export type FromAttributionWorker =
  | { kind: 'progress'; id: number; done: number; total: number }
  | { kind: 'result'; id: number; result: AttributionResult }
  | { kind: 'failure'; id: number; failure: WorkerFailure };

const service = new AttributionService((workerData as { threads: number }).threads);
const stopped = new Set<number>();
let last: Promise<void> = Promise.resolve();

parentPort!.on('message', (message: ToAttributionWorker) => {
  if (message.kind === 'stop') stopped.add(message.id);
  else last = last.then(() => work(message.id, message.job));
});

async function work(id: number, job: AttributionJob): Promise<void> {
  const post = (message: FromAttributionWorker): void => parentPort!.postMessage(message);
  try {
    const onProgress = (done: number, total: number): void => post({ kind: 'progress', id, done, total });
    const isStopped = (): boolean => stopped.has(id);
    const result = await resultOf(job, { onProgress, isStopped });
    // Moved, not copied: 8 MB for a million rows.
    const moved = 'scores' in result ? [result.scores.buffer] : [];
    parentPort!.postMessage({ kind: 'result', id, result } satisfies FromAttributionWorker, moved);
  } catch (error) {
    const { name, message, code } = error as Error & { code?: unknown };
    post({ kind: 'failure', id, failure: { name, message, code: typeof code === 'string' ? code : undefined } });
  } finally {
    stopped.delete(id);
  }
}

function resultOf(job: AttributionJob, progress: BuildProgress): Promise<AttributionResult> {
  if (job.kind === 'build') return service.buildIndex(job.input, progress);
  if (job.kind === 'score') return service.score(job.input);
  if (job.kind === 'subsetValues') return service.subsetValues(job.input);
  if (job.kind === 'probeInfluence') return service.probeInfluence(job.input, progress.isStopped);
  return job.kind === 'rescore' ? service.rescore(job.input) : service.queryCodes(job.input);
}
