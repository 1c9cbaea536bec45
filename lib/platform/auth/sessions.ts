import { and, eq, gt, lt } from 'drizzle-orm';
import { sessions } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';
import { hashToken } from './hash-token.ts';
import type { Session } from './types.ts';

/** A sign-in lasts one day: an owner of a contract wallet who was replaced keeps access no longer than that. */
export const sessionLifetimeSeconds = 86_400;

/** Starts a session. The token (32 random bytes, base64url) goes into the cookie and is stored only as SHA-256. */
export async function createSession(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  address: `0x${string}`,
): Promise<{ token: string; expiresAt: Date }> {
  const now = deps.now();
  const token = Buffer.from(deps.randomBytes(32)).toString('base64url');
  const expiresAt = new Date(now.getTime() + sessionLifetimeSeconds * 1000);
  await deps.db.delete(sessions).where(lt(sessions.expiresAt, now));
  await deps.db.insert(sessions).values({ tokenHash: hashToken(token), address, createdAt: now, expiresAt });
  return { token, expiresAt };
}

/** The session of a token, or null when there is none or it is over. */
export async function findSession(deps: Pick<Deps, 'db' | 'now'>, token: string): Promise<Session | null> {
  const [row] = await deps.db
    .select({ address: sessions.address, expiresAt: sessions.expiresAt })
    .from(sessions)
    .where(and(eq(sessions.tokenHash, hashToken(token)), gt(sessions.expiresAt, deps.now())));
  return row ? { address: row.address as `0x${string}`, expiresAt: row.expiresAt } : null;
}

/** Ends a session on the server; a copy of the cookie is worthless afterwards. */
export async function deleteSession(deps: Pick<Deps, 'db'>, token: string): Promise<void> {
  await deps.db.delete(sessions).where(eq(sessions.tokenHash, hashToken(token)));
}
