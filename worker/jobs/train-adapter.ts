import { dirname, join, resolve } from 'node:path';
import { trainRun } from '#lib/model-factory/train-run.ts';
import { trainingEngine } from './engine.ts';
import type { JobHandler } from './registry.ts';

/** Trains a run in `.data/runs/<run>` (beside the object folder); losing that folder costs nothing but time. */
export const handleTrainAdapter: JobHandler<'train-adapter'> = async (deps, { runId }, signal) => {
  const workRoot = join(resolve(dirname(deps.env.OBJECT_STORE_DIR)), 'runs');
  await trainRun(deps, trainingEngine(deps.env), { runId, workRoot, signal });
};
