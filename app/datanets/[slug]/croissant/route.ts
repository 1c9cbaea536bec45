import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getCroissant } from '#lib/dataset-viewer/get-croissant.ts';

/** The Datanet's newest version, or the one that `revision` names, as Croissant 1.1 JSON-LD. */
export const GET = defineRoute({
  input: z.object({ slug: z.string().max(80), revision: z.coerce.number().int().min(1).optional() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const croissant = await getCroissant(deps, { dataset: input.slug, revision: input.revision });
    return Response.json(croissant, { headers: { 'content-type': 'application/ld+json; charset=utf-8' } });
  },
});
