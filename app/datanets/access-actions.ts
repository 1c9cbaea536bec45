'use server';

import { z } from 'zod';
import { defineAction } from '#app/_server/define-action.ts';
import { grantAccess } from '#lib/access/grant-access.ts';
import { refuseAccess } from '#lib/access/refuse-access.ts';
import { requestAccess } from '#lib/access/request-access.ts';
import { revokeAccess } from '#lib/access/revoke-access.ts';
import {
  grantAccessSchema,
  refuseAccessSchema,
  requestAccessSchema,
  revokeAccessSchema,
  setAccessTierSchema,
} from '#lib/access/schema.ts';
import { setAccessTier } from '#lib/access/set-access-tier.ts';
import { findMemberKey, getSealedKeys } from '#lib/sealed-rows/get-sealed-keys.ts';
import { listSealedRows } from '#lib/sealed-rows/list-sealed-rows.ts';
import { saveMemberKey } from '#lib/sealed-rows/save-member-key.ts';
import {
  listSealedRowsSchema,
  saveMemberKeySchema,
  startEraSchema,
  submitSealedRowsSchema,
} from '#lib/sealed-rows/schema.ts';
import { startEra } from '#lib/sealed-rows/start-era.ts';
import { submitSealedRows } from '#lib/sealed-rows/submit-sealed-rows.ts';

const decisions = { name: 'access-decision', max: 60, windowSeconds: 60 };
const reads = { name: 'sealed-read', max: 300, windowSeconds: 60 };

export const setAccessTierAction = defineAction({
  input: setAccessTierSchema,
  auth: 'account',
  limit: decisions,
  run: setAccessTier,
});

export const requestAccessAction = defineAction({
  input: requestAccessSchema,
  auth: 'account',
  limit: { name: 'access-request', max: 10, windowSeconds: 3600 },
  run: requestAccess,
});

export const grantAccessAction = defineAction({
  input: grantAccessSchema,
  auth: 'account',
  limit: decisions,
  run: grantAccess,
});

export const refuseAccessAction = defineAction({
  input: refuseAccessSchema,
  auth: 'account',
  limit: decisions,
  run: refuseAccess,
});

export const revokeAccessAction = defineAction({
  input: revokeAccessSchema,
  auth: 'account',
  limit: decisions,
  run: revokeAccess,
});

export const findMemberKeyAction = defineAction({
  input: z.object({}),
  auth: 'account',
  limit: reads,
  run: (deps, actor) => findMemberKey(deps, actor),
});

export const saveMemberKeyAction = defineAction({
  input: saveMemberKeySchema,
  auth: 'account',
  limit: { name: 'member-key', max: 10, windowSeconds: 3600 },
  run: saveMemberKey,
});

export const getSealedKeysAction = defineAction({
  input: z.object({ datanetId: z.string().max(80) }),
  auth: 'account',
  limit: reads,
  run: (deps, actor, { datanetId }) => getSealedKeys(deps, actor, datanetId),
});

export const startEraAction = defineAction({ input: startEraSchema, auth: 'account', limit: decisions, run: startEra });

export const listSealedRowsAction = defineAction({
  input: listSealedRowsSchema,
  auth: 'account',
  limit: reads,
  run: listSealedRows,
});

export const submitSealedRowsAction = defineAction({
  input: submitSealedRowsSchema,
  auth: 'account',
  limit: { name: 'submit-contribution', max: 60, windowSeconds: 60 },
  run: submitSealedRows,
});
