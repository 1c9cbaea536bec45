'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { castBlindVote } from '#lib/evaluation/cast-blind-vote.ts';
import { repeatEvaluation } from '#lib/evaluation/request-evaluation.ts';
import { requestSetEvaluation } from '#lib/evaluation/request-set-evaluation.ts';
import { saveEvaluationSet } from '#lib/evaluation/save-evaluation-set.ts';
import {
  castVoteSchema,
  evaluateSetSchema,
  evaluationIdSchema,
  saveEvaluationSetSchema,
  setGatesSchema,
} from '#lib/evaluation/schema.ts';
import { setGates } from '#lib/evaluation/set-gates.ts';
import { cancelTrainingRun, resumeTrainingRun, stopTrainingRun } from '#lib/model-factory/change-training-run.ts';
import { forkTrainingRun } from '#lib/model-factory/fork-training-run.ts';
import { publishModel } from '#lib/model-factory/publish-model.ts';
import { forkTrainingRunSchema, publishModelSchema, runIdSchema } from '#lib/model-factory/schema.ts';

const limit = { name: 'change-run', max: 60, windowSeconds: 60 };

export const stopRunAction = defineAction({ input: runIdSchema, auth: 'account', limit, run: stopTrainingRun });
export const resumeRunAction = defineAction({ input: runIdSchema, auth: 'account', limit, run: resumeTrainingRun });
export const cancelRunAction = defineAction({ input: runIdSchema, auth: 'account', limit, run: cancelTrainingRun });
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

export const setGatesAction = defineAction({ input: setGatesSchema, auth: 'account', limit, run: setGates });
export const repeatEvaluationAction = defineAction({
  input: evaluationIdSchema,
  auth: 'account',
  limit,
  run: repeatEvaluation,
});
export const castVoteAction = defineAction({
  input: castVoteSchema,
  auth: 'account',
  limit: { name: 'blind-vote', max: 120, windowSeconds: 60 },
  run: castBlindVote,
});

export const saveSetAction = defineAction({
  input: saveEvaluationSetSchema,
  auth: 'account',
  limit: { name: 'save-evaluation-set', max: 20, windowSeconds: 3_600 },
  run: saveEvaluationSet,
});
export const evaluateSetAction = defineAction({
  input: evaluateSetSchema,
  auth: 'account',
  limit: { name: 'evaluate-set', max: 20, windowSeconds: 3_600 },
  run: requestSetEvaluation,
});
