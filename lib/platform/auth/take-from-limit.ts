import { lte, sql } from 'drizzle-orm';
import { rateLimits } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';
import { TooManyRequestsError } from './errors.ts';

/** At most `max` in each fixed window of `windowSeconds`, counted for each subject under `name`. */
export type RateLimit = { name: string; max: number; windowSeconds: number };

/**
 * Counts one request. One upsert, so parallel requests on any number of web servers are counted exactly.
 *
 * @param subject an account, a key id, or a visitor's hash; never a raw network address.
 * @throws {TooManyRequestsError} with the seconds until the window ends.
 */
export async function takeFromLimit(
  deps: Pick<Deps, 'db' | 'now'>,
  limit: RateLimit,
  subject: string,
): Promise<{ used: number; expiresAt: Date }> {
  const windowMs = limit.windowSeconds * 1000;
  const start = Math.floor(deps.now().getTime() / windowMs) * windowMs;
  const expiresAt = new Date(start + windowMs);
  const [row] = await deps.db
    .insert(rateLimits)
    .values({ key: `${limit.name}:${subject}:${start}`, count: 1, expiresAt })
    .onConflictDoUpdate({ target: rateLimits.key, set: { count: sql`${rateLimits.count} + 1` } })
    .returning({ count: rateLimits.count });
  const used = row!.count;
  if (used === 1) await deps.db.delete(rateLimits).where(lte(rateLimits.expiresAt, deps.now()));
  if (used > limit.max) {
    const retryAfterSeconds = Math.max(1, Math.ceil((expiresAt.getTime() - deps.now().getTime()) / 1000));
    throw new TooManyRequestsError(limit.max, limit.windowSeconds, retryAfterSeconds);
  }
  return { used, expiresAt };
}
