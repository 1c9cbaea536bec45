import { defineRoute } from '#app/_server/define-route.ts';
import { startSession } from '#app/_server/session.ts';
import { signInSchema } from '#lib/platform/auth/schema.ts';
import { verifySignIn } from '#lib/platform/auth/verify-sign-in.ts';

/** Turns a signed sign-in message into a session cookie. */
export const POST = defineRoute({
  input: signInSchema,
  auth: 'visitor',
  limit: { name: 'auth-verify', max: 30, windowSeconds: 60 },
  maxBytes: 50_000,
  run: async ({ deps, input }) => startSession(deps, await verifySignIn(deps, input)),
});
