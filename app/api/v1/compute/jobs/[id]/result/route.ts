import { defineRoute } from '#app/_server/define-route.ts';
import { finishComputeJob } from '#lib/compute/finish-compute-job.ts';
import { adapterBytesMax, finishComputeSchema } from '#lib/compute/schema.ts';

/** What leaves a compute-only Datanet: `adapter` (safetensors, base64) and numbers. Anything else is refused. */
export const POST = defineRoute({
  input: finishComputeSchema,
  auth: 'account',
  limit: { name: 'compute-worker', max: 120, windowSeconds: 60 },
  maxBytes: Math.ceil((adapterBytesMax * 4) / 3) + 4_000_000, // and the names of 100,000 held-out rows
  run: ({ deps, actor, input }) => finishComputeJob(deps, actor, input),
});
