import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { viewerOf } from '#app/_server/viewer-of.ts';
import { listServableModels } from '#lib/serving/queries.ts';
import { toModelObject } from './_model-object.ts';

/** OpenAI's model list, with price and owner added: live models, and for an account its private ones. */
export const GET = defineRoute({
  input: z.object({}),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor }) => ({
    object: 'list',
    data: (await listServableModels(deps.db, 200, viewerOf(actor))).map(toModelObject),
  }),
});
