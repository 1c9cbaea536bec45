import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { viewerOf } from '#app/_server/viewer-of.ts';
import { buyPass } from '#lib/passes/buy-pass.ts';
import { getModelAccess } from '#lib/passes/get-model-access.ts';
import { buyPassSchema } from '#lib/passes/schema.ts';

/** Who may ask a model, what passes cost, and one's own passes for it; its owner sees everybody's. */
export const GET = defineRoute({
  input: z.object({ model: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: ({ deps, actor, input }) => getModelAccess(deps, input.model, viewerOf(actor)),
});

/** Buys a pass at the price that the body names, from the deposit, or out of the key's budget. The same idempotency key buys one. */
export const POST = defineRoute({
  input: buyPassSchema,
  auth: 'account',
  scope: 'ask',
  limit: { name: 'buy-pass', max: 20, windowSeconds: 60 },
  run: ({ deps, actor, input, apiKey }) => buyPass(deps, actor, { ...input, apiKeyId: apiKey?.id ?? null }),
});
