import { lt } from 'drizzle-orm';
import { authNonces } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';

export const nonceLifetimeSeconds = 600;

/** A fresh single-use nonce for a sign-in message: 32 hexadecimal digits (EIP-4361 allows letters and digits only). */
export async function createNonce(deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>): Promise<string> {
  const now = deps.now();
  const nonce = Buffer.from(deps.randomBytes(16)).toString('hex');
  await deps.db.delete(authNonces).where(lt(authNonces.expiresAt, now));
  await deps.db.insert(authNonces).values({ nonce, expiresAt: new Date(now.getTime() + nonceLifetimeSeconds * 1000) });
  return nonce;
}
