import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { listExamples } from '#lib/contributions/list-examples.ts';
import { listExamplesSchema } from '#lib/contributions/schema.ts';
import { getDatanetId } from '#lib/datanets/get-datanet-id.ts';
import { toRowObject } from '../../_datanet-object.ts';

/** Rows of a Datanet, oldest first: `status`, `contributor`, `q`, `length`, `limit`, and `after` from `next_cursor`. */
export const GET = defineRoute({
  input: listExamplesSchema.extend({ slug: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const id = await getDatanetId(deps.db, input.slug);
    const { items, nextCursor } = await listExamples(deps, actor, id, input);
    return { object: 'list', data: items.map(toRowObject), next_cursor: nextCursor };
  },
});
