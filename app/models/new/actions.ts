'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { setAccessTierSchema } from '#lib/access/schema.ts';
import { setAccessTier } from '#lib/access/set-access-tier.ts';
import { bringOwnRows } from '#lib/contributions/bring-own-rows.ts';
import { bringOwnRowsSchema } from '#lib/contributions/schema.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { freezeOwnVersion } from '#lib/datanets/freeze-own-version.ts';
import { getOwnDatanet } from '#lib/datanets/get-own-datanet.ts';
import { createDatanetSchema, freezeVersionSchema } from '#lib/datanets/schema.ts';
import { launchRun } from '#lib/model-factory/launch-run.ts';
import { quoteRun } from '#lib/model-factory/quote-run.ts';
import { estimateRunSchema, launchRunSchema } from '#lib/model-factory/schema.ts';

export const estimateRunAction = defineAction({
  input: estimateRunSchema,
  auth: 'visitor',
  limit: { name: 'estimate-run', max: 120, windowSeconds: 60 },
  run: quoteRun,
});

export const startRunAction = defineAction({
  input: launchRunSchema,
  auth: 'account',
  limit: { name: 'start-run', max: 20, windowSeconds: 60 },
  run: launchRun,
});

export const createOwnDatanetAction = defineAction({
  input: createDatanetSchema,
  auth: 'account',
  limit: { name: 'create-datanet', max: 20, windowSeconds: 3600 },
  run: createDatanet,
});

export const closeOwnDatanetAction = defineAction({
  input: setAccessTierSchema,
  auth: 'account',
  limit: { name: 'access-tier', max: 30, windowSeconds: 60 },
  run: setAccessTier,
});

export const bringOwnRowsAction = defineAction({
  input: bringOwnRowsSchema,
  auth: 'account',
  limit: { name: 'submit-contribution', max: 60, windowSeconds: 60 },
  run: bringOwnRows,
});

export const getOwnDatanetAction = defineAction({
  input: freezeVersionSchema,
  auth: 'account',
  limit: { name: 'own-datanet', max: 120, windowSeconds: 60 },
  run: getOwnDatanet,
});

export const freezeOwnDatanetAction = defineAction({
  input: freezeVersionSchema,
  auth: 'account',
  limit: { name: 'freeze-version', max: 20, windowSeconds: 60 },
  run: freezeOwnVersion,
});
