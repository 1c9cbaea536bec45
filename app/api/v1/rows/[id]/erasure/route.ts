import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { ErasureNotFoundError } from '#lib/datanets/errors.ts';
import { findErasure } from '#lib/datanets/find-erasure.ts';

/** The signed receipt that a withdrawn row's text is destroyed; `npm run verify-erasure -- <row>` checks it. Holds nothing of the text. */
export const GET = defineRoute({
  input: z.object({ id: z.string().max(40) }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const erasure = await findErasure(deps.db, input.id);
    if (!erasure?.signed) throw new ErasureNotFoundError(erasure !== null);
    return erasure.signed;
  },
});
