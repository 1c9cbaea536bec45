import { dirname, join, resolve } from 'node:path';
import { buildAttributionIndex } from '#lib/engine/attribution/attribution-engine.ts';
import { trainAdapter } from '#lib/engine/train/train-adapter.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import type { TrainingEngine } from '#lib/model-factory/training-engine.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';

/** Trains one run, or goes on with it; who holds the run's lease decides (lib/model-factory/run-lease.ts). */
export async function trainAdapterJob(
  deps: WorkerDeps,
  { runId }: Jobs['train-adapter'],
  signal: AbortSignal,
): Promise<void> {
  const workRoot = join(resolve(dirname(deps.env.OBJECT_STORE_DIR)), 'training');
  const outcome = await trainRun(deps, trainingEngine(deps.env.ENGINE_THREADS), { runId, workRoot, signal });
  deps.log.info({ runId, outcome }, 'training run ended');
}

/** lib/engine as lib/model-factory sees it; the two may not import each other. */
function trainingEngine(threads: number): TrainingEngine {
  return {
    train: (input) => trainAdapter({ ...input, threads }),
    buildIndex: ({ rows, ...input }) => buildAttributionIndex({ ...input, examples: rows, threads }),
  };
}
