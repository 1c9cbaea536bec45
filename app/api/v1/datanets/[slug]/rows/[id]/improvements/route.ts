import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { improveExample } from '#lib/contributions/improve-example.ts';
import { listImprovements } from '#lib/contributions/list-improvements.ts';
import { improveExampleSchema } from '#lib/contributions/schema.ts';

/** Better versions and translations of a row, newest first. */
export const GET = defineRoute({
  input: z.object({ id: z.string().max(40) }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const improvements = await listImprovements(deps.db, input.id);
    return {
      object: 'list',
      data: improvements.map((improvement) => ({
        id: improvement.exampleId,
        object: 'datanet.row.improvement',
        role: improvement.role,
        status: improvement.status,
        contributor: improvement.contributor,
        reviewed_at: improvement.reviewedAt,
      })),
    };
  },
});

/** Proposes one: `role` (clean, label, translate), `data`, `note`, `idempotency_key`. A curator decides about it. */
export const POST = defineRoute({
  input: improveExampleSchema
    .omit({ exampleId: true, idempotencyKey: true })
    .extend({ id: z.string().max(40), idempotency_key: improveExampleSchema.shape.idempotencyKey }),
  auth: 'account',
  limit: { name: 'improve-example', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { id, idempotency_key: idempotencyKey, ...proposal } = input;
    const proposed = await improveExample(deps, actor, { ...proposal, exampleId: id, idempotencyKey });
    return { id: proposed.exampleId, object: 'datanet.row', status: 'pending', repeated: proposed.repeated };
  },
});
