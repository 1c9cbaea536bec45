import { parentPort, workerData } from 'node:worker_threads';
import type { Answer } from './answers.ts';
import { logProbs } from './example-passes.ts';
import { openTrainer, type Training, type TruthSetting } from './retrain.ts';

export type TruthWork =
  | { kind: 'train'; training: Training }
  | { kind: 'evaluate'; theta: Float32Array; examples: Answer['example'][] }
  | { kind: 'tangents'; seed: number; owners: readonly number[]; contributors: number };
export type TruthJob = { id: number; work: TruthWork };

const trainer = await openTrainer(workerData as TruthSetting);
parentPort!.on('message', async ({ id, work }: TruthJob) => {
  try {
    parentPort!.postMessage({ id, result: await take(work) });
  } catch (error) {
    parentPort!.postMessage({ id, error: String(error) });
  }
});

function take(work: TruthWork): Promise<unknown> {
  if (work.kind === 'train') return trainer.retrain(work.training);
  if (work.kind === 'tangents') return trainer.tangents(work.seed, work.owners, work.contributors);
  return logProbs(trainer, work.theta, work.examples);
}
