import { dirname, join, resolve } from 'node:path';
import { requestSealedEvaluation } from '#lib/evaluation/request-evaluation.ts';
import { issueTrainingReceipts } from '#lib/model-factory/billing/issue-training-receipts.ts';
import { offerPrivateModel } from '#lib/model-factory/offer-private-model.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { trainingEngine } from './engine.ts';

/** Trains one run, or goes on with it; who holds the run's lease decides (lib/model-factory/run-lease.ts). */
export async function trainAdapterJob(
  deps: WorkerDeps,
  { runId }: Jobs['train-adapter'],
  signal: AbortSignal,
): Promise<void> {
  const workRoot = join(resolve(dirname(deps.env.OBJECT_STORE_DIR)), 'training');
  const outcome = await trainRun(deps, trainingEngine(deps.env), { runId, workRoot, signal });
  await issueTrainingReceipts(deps);
  await offerPrivateModel(deps, { runId });
  if (outcome === 'succeeded') await requestSealedEvaluation(deps, runId);
  deps.log.info({ runId, outcome }, 'training run ended');
}
