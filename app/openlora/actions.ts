'use server';

import { defineAction } from '#app/_server/define-action.ts';
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
