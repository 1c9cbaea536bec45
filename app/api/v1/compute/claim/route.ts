import { defineRoute } from '#app/_server/define-route.ts';
import { claimComputeJob } from '#lib/compute/claim-compute-job.ts';
import { claimComputeSchema } from '#lib/compute/schema.ts';

/** The oldest training that waits for the owner's worker (an API key of the Datanet's owner), or `job: null`. */
export const POST = defineRoute({
  input: claimComputeSchema,
  auth: 'account',
  limit: { name: 'compute-worker', max: 120, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => ({ job: await claimComputeJob(deps, actor, input) }),
});
