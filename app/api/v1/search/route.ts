import { defineRoute } from '#app/_server/define-route.ts';
import { searchSchema } from '#lib/explorer/schema.ts';
import { searchEverything } from '#lib/explorer/search-everything.ts';

/** Finds Datanets, models, receipts and addresses: `GET /api/v1/search?q=…`. */
export const GET = defineRoute({
  input: searchSchema,
  auth: 'visitor',
  limit: { name: 'search', max: 240, windowSeconds: 60 },
  run: async ({ deps, input }) => ({ object: 'list', data: await searchEverything(deps.db, input.q) }),
});
