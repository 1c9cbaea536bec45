import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { endSession } from '#app/_server/session.ts';

/** Ends this browser's session, here and on the server. */
export const POST = defineRoute({
  input: z.object({}),
  auth: 'visitor',
  limit: { name: 'auth-sign-out', max: 60, windowSeconds: 60 },
  run: async ({ deps }) => {
    await endSession(deps);
    return { session: null };
  },
});
