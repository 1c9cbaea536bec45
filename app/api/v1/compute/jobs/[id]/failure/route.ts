import { defineRoute } from '#app/_server/define-route.ts';
import { failComputeJob } from '#lib/compute/finish-compute-job.ts';
import { failComputeSchema } from '#lib/compute/schema.ts';

/** The worker could not train: `code` says why, in a word. */
export const POST = defineRoute({
  input: failComputeSchema,
  auth: 'account',
  limit: { name: 'compute-worker', max: 120, windowSeconds: 60 },
  run: ({ deps, actor, input }) => failComputeJob(deps, actor, input),
});
