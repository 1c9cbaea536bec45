import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { storedFileResponse } from '#app/_server/stored-file-response.ts';
import { getReceiptFiles } from '#lib/attribution/get-receipt-files.ts';

/** The answer's quantised gradient (int8 codes, then the scale as uint32): with it and the index anybody recomputes the scores. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, input, request }) => {
    const { codesKey } = await getReceiptFiles(deps.db, input.id);
    return storedFileResponse(deps, request, {
      key: codesKey,
      hash: codesKey.split('/')[1]!,
      name: `${input.id}.codes`,
    });
  },
});
