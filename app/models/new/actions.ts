'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { estimateRun } from '#lib/model-factory/estimate-run.ts';
import { estimateRunSchema, startTrainingRunSchema } from '#lib/model-factory/schema.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';

export const estimateRunAction = defineAction({
  input: estimateRunSchema,
  auth: 'visitor',
  limit: { name: 'estimate-run', max: 120, windowSeconds: 60 },
  run: estimateRun,
});

export const startRunAction = defineAction({
  input: startTrainingRunSchema,
  auth: 'account',
  limit: { name: 'start-run', max: 20, windowSeconds: 60 },
  run: startTrainingRun,
});
