'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { addGoldRow } from '#lib/validation/add-gold-row.ts';
import { appealRejection } from '#lib/validation/appeal-rejection.ts';
import { commitVerdicts } from '#lib/validation/commit-verdicts.ts';
import { openRound } from '#lib/validation/open-round.ts';
import { revealVerdicts } from '#lib/validation/reveal-verdicts.ts';
import {
  addGoldRowSchema,
  appealSchema,
  commitVerdictsSchema,
  openRoundSchema,
  revealVerdictsSchema,
  vetoSchema,
} from '#lib/validation/schema.ts';
import { vetoOutcome } from '#lib/validation/veto-outcome.ts';
import { columnsTag } from './_tags.ts';

export const openRoundAction = defineAction({
  input: openRoundSchema,
  auth: 'account',
  limit: { name: 'open-round', max: 60, windowSeconds: 3600 },
  run: openRound,
});

export const commitVerdictsAction = defineAction({
  input: commitVerdictsSchema,
  auth: 'account',
  limit: { name: 'commit-verdicts', max: 60, windowSeconds: 60 },
  run: commitVerdicts,
});

export const revealVerdictsAction = defineAction({
  input: revealVerdictsSchema,
  auth: 'account',
  limit: { name: 'reveal-verdicts', max: 60, windowSeconds: 60 },
  run: revealVerdicts,
});

export const addGoldRowAction = defineAction({
  input: addGoldRowSchema,
  auth: 'account',
  limit: { name: 'gold-row', max: 120, windowSeconds: 60 },
  run: addGoldRow,
});

export const appealRejectionAction = defineAction({
  input: appealSchema,
  auth: 'account',
  limit: { name: 'appeal', max: 20, windowSeconds: 3600 },
  run: appealRejection,
});

export const vetoOutcomeAction = defineAction({
  input: vetoSchema,
  auth: 'account',
  limit: { name: 'veto', max: 60, windowSeconds: 3600 },
  run: vetoOutcome,
  tags: ({ datanetId }) => [columnsTag(datanetId)],
});
