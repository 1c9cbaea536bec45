'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { launchMerge } from '#lib/model-factory/merges/launch-merge.ts';
import { launchMergeSchema } from '#lib/model-factory/schema.ts';
import { setCanary } from '#lib/serving/canary/set-canary.ts';
import { keepAdapter } from '#lib/serving/keep-adapter.ts';
import { keepAdapterSchema, setCanarySchema } from '#lib/serving/schema.ts';

export const keepAdapterAction = defineAction({
  input: keepAdapterSchema,
  auth: 'account',
  limit: { name: 'keep-adapter', max: 60, windowSeconds: 3_600 },
  run: keepAdapter,
});

export const setCanaryAction = defineAction({
  input: setCanarySchema,
  auth: 'account',
  limit: { name: 'set-canary', max: 60, windowSeconds: 3_600 },
  run: setCanary,
});

export const launchMergeAction = defineAction({
  input: launchMergeSchema,
  auth: 'account',
  limit: { name: 'start-run', max: 20, windowSeconds: 60 },
  run: launchMerge,
});
