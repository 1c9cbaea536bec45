'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { prepareRowAward } from '#lib/bounties/prepare-row-award.ts';
import { prepareRunAward } from '#lib/bounties/prepare-run-award.ts';
import { prepareRowAwardSchema, prepareRunAwardSchema, writeGoalSchema } from '#lib/bounties/schema.ts';
import { writeGoal } from '#lib/bounties/write-goal.ts';

export const writeGoalAction = defineAction({
  input: writeGoalSchema,
  auth: 'account',
  limit: { name: 'write-goal', max: 20, windowSeconds: 3_600 },
  run: writeGoal,
});

export const prepareRowAwardAction = defineAction({
  input: prepareRowAwardSchema,
  auth: 'account',
  limit: { name: 'prepare-award', max: 30, windowSeconds: 60 },
  run: prepareRowAward,
});

export const prepareRunAwardAction = defineAction({
  input: prepareRunAwardSchema,
  auth: 'account',
  limit: { name: 'prepare-award', max: 30, windowSeconds: 60 },
  run: prepareRunAward,
});
