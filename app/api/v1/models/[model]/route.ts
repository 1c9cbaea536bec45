import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { viewerOf } from '#app/_server/viewer-of.ts';
import { ModelNotFoundError } from '#lib/serving/errors.ts';
import { findServableModel } from '#lib/serving/queries.ts';
import { toModelObject } from '../_model-object.ts';

/** One model in OpenAI's shape. */
export const GET = defineRoute({
  input: z.object({ model: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const model = await findServableModel(deps.db, input.model, viewerOf(actor));
    if (!model) throw new ModelNotFoundError(input.model);
    return toModelObject(model);
  },
});
