import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { UnknownPathError } from '#app/_server/errors.ts';

/** What the API does not have is refused as its clients expect, not with a page. */
const unknownPath = defineRoute({
  input: z.object({}),
  auth: 'visitor',
  limit: { name: 'unknown', max: 600, windowSeconds: 60 },
  maxBytes: 0,
  run: async ({ request }) => {
    throw new UnknownPathError(request.method, new URL(request.url).pathname);
  },
});

export { unknownPath as DELETE, unknownPath as GET, unknownPath as PATCH, unknownPath as POST, unknownPath as PUT };
