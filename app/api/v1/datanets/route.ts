import { defineRoute } from '#app/_server/define-route.ts';
import { listDatanets } from '#lib/datanets/list-datanets.ts';
import { listDatanetsSchema } from '#lib/datanets/schema.ts';
import { toDatanetObject } from './_datanet-object.ts';

/** Datanets: `q`, `domain`, `sort` (newest, rows, earned, title), `limit`, and `after` from `next_cursor`. */
export const GET = defineRoute({
  input: listDatanetsSchema,
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const { items, nextCursor } = await listDatanets(deps.db, input);
    return { object: 'list', data: items.map(toDatanetObject), next_cursor: nextCursor };
  },
});
