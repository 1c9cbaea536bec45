import { defineRoute } from '#app/_server/define-route.ts';
import { getComputeRows } from '#lib/compute/get-compute-rows.ts';
import { leasedJobSchema } from '#lib/compute/schema.ts';

/** The rows of a claimed training as JSON Lines, for the worker that holds its lease; asking also keeps the lease. */
export const POST = defineRoute({
  input: leasedJobSchema,
  auth: 'account',
  limit: { name: 'compute-worker', max: 120, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const bytes = await getComputeRows(deps, actor, input);
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': 'application/jsonl; charset=utf-8', 'cache-control': 'private, no-store' },
    });
  },
});
