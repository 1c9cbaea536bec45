'use server';

import { z } from 'zod';
import { defineAction } from '#app/_server/define-action.ts';
import { requestDrip as drip } from '#lib/faucet/request-drip.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { revokeApiKey } from '#lib/platform/auth/revoke-api-key.ts';
import { apiKeyIdSchema, createApiKeySchema } from '#lib/platform/auth/schema.ts';
import { registerVoucher as register } from '#lib/serving/register-voucher.ts';
import { voucherSchema } from '#lib/serving/schema.ts';

/** Keeps the voucher from which a key's answers are paid. */
export const registerVoucher = defineAction({
  input: voucherSchema,
  auth: 'account',
  limit: { name: 'voucher', max: 60, windowSeconds: 60 },
  run: register,
});

/** Makes a key; its text is in this answer and nowhere else. */
export const createKey = defineAction({
  input: createApiKeySchema,
  auth: 'account',
  limit: { name: 'create-key', max: 20, windowSeconds: 3600 },
  run: createApiKey,
  tags: ['api-keys'],
});

export const revokeKey = defineAction({
  input: apiKeyIdSchema,
  auth: 'account',
  limit: { name: 'revoke-key', max: 60, windowSeconds: 60 },
  run: revokeApiKey,
  tags: ['api-keys'],
});

/** Test OPEN on the devnet. */
export const requestDrip = defineAction({
  input: z.undefined(),
  auth: 'account',
  limit: { name: 'faucet', max: 5, windowSeconds: 3600 },
  run: (deps, actor) => drip(deps, actor),
});
