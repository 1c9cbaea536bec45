import { lte, sql } from 'drizzle-orm';
import { rateLimits } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';
import { TooManyRequestsError } from './errors.ts';

/** At most `max` in each fixed window of `windowSeconds`, counted for each subject under `name`. */
export type RateLimit = { name: string; max: number; windowSeconds: number };
/** How much of a window is used, and when it ends. */
export type Taken = { used: number; expiresAt: Date };

/**
 * Counts one request. One upsert, so parallel requests on any number of web servers are counted exactly. The count may be lost with
 * the database's power, so it does not wait for the disk.
 *
 * @param subject an account, a key id, or a visitor's hash; never a raw network address.
 * @throws {TooManyRequestsError} with the seconds until the window ends.
 */
export async function takeFromLimit(deps: Pick<Deps, 'db' | 'now'>, limit: RateLimit, subject: string): Promise<Taken> {
  const { start, expiresAt } = windowOf(limit, deps.now());
  const { rows } = await deps.db.execute<{ count: number }>(sql`
    with counted as (
      insert into rate_limits (key, count, expires_at)
      values (${`${limit.name}:${subject}:${start}`}, 1, ${expiresAt.toISOString()}::timestamptz)
      on conflict (key) do update set count = rate_limits.count + 1
      returning count
    )
    select count, set_config('synchronous_commit', 'off', true) from counted`);
  return takenOf(deps, limit, { used: rows[0]!.count, expiresAt });
}

/** The window that `now` lies in; `start` in milliseconds since 1970. */
export function windowOf({ windowSeconds }: RateLimit, now: Date): { start: number; expiresAt: Date } {
  const windowMs = windowSeconds * 1000;
  const start = Math.floor(now.getTime() / windowMs) * windowMs;
  return { start, expiresAt: new Date(start + windowMs) };
}

/** What was counted, if it is within the limit. A window's first request clears the ended ones away. @throws {TooManyRequestsError} */
export async function takenOf(deps: Pick<Deps, 'db' | 'now'>, limit: RateLimit, taken: Taken): Promise<Taken> {
  if (taken.used === 1) await deps.db.delete(rateLimits).where(lte(rateLimits.expiresAt, deps.now()));
  if (taken.used > limit.max) {
    const left = (taken.expiresAt.getTime() - deps.now().getTime()) / 1000;
    throw new TooManyRequestsError(limit.max, limit.windowSeconds, Math.max(1, Math.ceil(left)));
  }
  return taken;
}
