'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { decideRecipe } from '#lib/compute/decide-recipe.ts';
import { requestCompute } from '#lib/compute/request-compute.ts';
import { decideRecipeSchema, requestComputeSchema } from '#lib/compute/schema.ts';

export const requestComputeAction = defineAction({
  input: requestComputeSchema,
  auth: 'account',
  limit: { name: 'request-compute', max: 20, windowSeconds: 3600 },
  run: requestCompute,
});

export const decideRecipeAction = defineAction({
  input: decideRecipeSchema,
  auth: 'account',
  limit: { name: 'access-decision', max: 60, windowSeconds: 60 },
  run: decideRecipe,
});
