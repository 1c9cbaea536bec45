import { parentPort, workerData } from 'node:worker_threads';
import type { Answer } from './answers.ts';
import { logProbs } from './example-passes.ts';
import { openTrainer, type Training, type TruthSetting } from './retrain.ts';

export type TruthJob = { id: number } & (
  | { kind: 'train'; training: Training }
  | { kind: 'evaluate'; theta: Float32Array; examples: Answer['example'][] }
);

const trainer = await openTrainer(workerData as TruthSetting);
parentPort!.on('message', async (job: TruthJob) => {
  try {
    const result =
      job.kind === 'train' ? await trainer.retrain(job.training) : await logProbs(trainer, job.theta, job.examples);
    parentPort!.postMessage({ id: job.id, result });
  } catch (error) {
    parentPort!.postMessage({ id: job.id, error: String(error) });
  }
});
