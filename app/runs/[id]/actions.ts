'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { resumeTrainingRun, stopTrainingRun } from '#lib/model-factory/change-training-run.ts';
import { forkTrainingRun } from '#lib/model-factory/fork-training-run.ts';
import { publishModel } from '#lib/model-factory/publish-model.ts';
import { forkTrainingRunSchema, publishModelSchema, runIdSchema } from '#lib/model-factory/schema.ts';

const limit = { name: 'change-run', max: 60, windowSeconds: 60 };

export const stopRunAction = defineAction({ input: runIdSchema, auth: 'account', limit, run: stopTrainingRun });
export const resumeRunAction = defineAction({ input: runIdSchema, auth: 'account', limit, run: resumeTrainingRun });
export const forkRunAction = defineAction({
  input: forkTrainingRunSchema,
  auth: 'account',
  limit: { name: 'start-run', max: 20, windowSeconds: 60 },
  run: forkTrainingRun,
});
export const publishModelAction = defineAction({
  input: publishModelSchema,
  auth: 'account',
  limit,
  run: publishModel,
});
