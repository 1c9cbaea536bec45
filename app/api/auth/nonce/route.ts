import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { createNonce } from '#lib/platform/auth/create-nonce.ts';

/** A nonce for one sign-in message. POST, because it writes. */
export const POST = defineRoute({
  input: z.object({}),
  auth: 'visitor',
  limit: { name: 'auth-nonce', max: 60, windowSeconds: 60 },
  run: async ({ deps }) => ({ nonce: await createNonce(deps) }),
});
