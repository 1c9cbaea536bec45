import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { storedFileResponse } from '#app/_server/stored-file-response.ts';
import { getIndexFile } from '#lib/attribution/get-index-file.ts';

/** An adapter's attribution index: one row of codes a training row, and ids; no text. Its SHA-256 stands in every receipt. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input, request }) =>
    storedFileResponse(deps, request, { ...(await getIndexFile(deps, actor, input.id)), name: `${input.id}.index` }),
});
