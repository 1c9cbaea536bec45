import 'server-only';
import { cookies } from 'next/headers';
import { cache } from 'react';
import { createSession, deleteSession, findSession } from '#lib/platform/auth/sessions.ts';
import type { Session } from '#lib/platform/auth/types.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { buildDeps } from './deps.ts';

/** `__Host-` binds the cookie to this very host over https; plain http (localhost) cannot carry that prefix. */
function cookieName(deps: Pick<Deps, 'env'>): string {
  return isHttps(deps) ? '__Host-openledger' : 'openledger';
}

function isHttps(deps: Pick<Deps, 'env'>): boolean {
  return new URL(deps.env.APP_URL).protocol === 'https:';
}

/** Who is signed in, or null. Asked once a request, however many components ask. */
export const getSession = cache(async (): Promise<Session | null> => {
  const deps = buildDeps();
  const token = (await cookies()).get(cookieName(deps))?.value;
  return token ? findSession(deps, token) : null;
});

/** The session as the actor of a use case. */
export async function getActor(): Promise<Actor> {
  const session = await getSession();
  return session ? { kind: 'account', address: session.address } : { kind: 'visitor' };
}

/** Starts a session and sets its cookie; an older session of this browser ends (no fixation). Actions and routes only. */
export async function startSession(deps: Deps, address: `0x${string}`): Promise<Session> {
  await endSession(deps);
  const { token, expiresAt } = await createSession(deps, address);
  (await cookies()).set(cookieName(deps), token, {
    httpOnly: true,
    secure: isHttps(deps),
    sameSite: 'lax',
    path: '/',
    expires: expiresAt,
  });
  return { address, expiresAt };
}

/** Ends this browser's session here and on the server. Actions and routes only. */
export async function endSession(deps: Deps): Promise<void> {
  const jar = await cookies();
  const token = jar.get(cookieName(deps))?.value;
  if (!token) return;
  await deleteSession(deps, token);
  jar.delete({ name: cookieName(deps), path: '/', secure: isHttps(deps), httpOnly: true, sameSite: 'lax' });
}
