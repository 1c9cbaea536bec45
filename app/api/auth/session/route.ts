import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getSession } from '#app/_server/session.ts';

/** Who is signed in with this browser's cookie; `session: null` when nobody is. */
export const GET = defineRoute({
  input: z.object({}),
  auth: 'visitor',
  limit: { name: 'auth-session', max: 300, windowSeconds: 60 },
  run: async () => ({ session: await getSession() }),
});
