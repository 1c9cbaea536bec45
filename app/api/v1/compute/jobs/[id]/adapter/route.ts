import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { storedFileResponse } from '#app/_server/stored-file-response.ts';
import { getComputeAdapter } from '#lib/compute/list-compute-jobs.ts';

/** The adapter of a finished training on compute-only rows, for who asked for it and the Datanet's owner. */
export const GET = defineRoute({
  input: z.object({ id: z.string().max(40) }),
  auth: 'account',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input, request }) => {
    const file = await getComputeAdapter(deps, actor, input.id);
    return storedFileResponse(deps, request, { ...file, name: `${input.id}.safetensors`, isPrivate: true });
  },
});
