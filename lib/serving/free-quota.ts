import { eq, sql } from 'drizzle-orm';
import { rateLimits } from '#db/schema/auth.ts';
import { takeFromLimit } from '#lib/platform/auth/take-from-limit.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { FreeQuotaError } from './errors.ts';
import type { Caller } from './types.ts';

const dayMs = 86_400_000;

/**
 * Counts one free answer of today for this caller, in one upsert. Throws FreeQuotaError when the day's answers are used.
 * Free answers have no fee, so they never enter a reward period.
 */
export async function assertFreeQuota(
  deps: Pick<Deps, 'db' | 'now' | 'env'>,
  caller: Extract<Caller, { kind: 'free' }>,
): Promise<void> {
  const now = deps.now();
  const expiresAt = endOfDay(now);
  const [row] = await deps.db
    .insert(rateLimits)
    .values({ key: keyOf(caller, expiresAt), count: 1, expiresAt })
    .onConflictDoUpdate({ target: rateLimits.key, set: { count: sql`${rateLimits.count} + 1` } })
    .returning({ count: rateLimits.count });
  if (row && row.count > deps.env.FREE_ANSWERS_PER_DAY) {
    throw new FreeQuotaError(deps.env.FREE_ANSWERS_PER_DAY, Math.ceil((expiresAt.getTime() - now.getTime()) / 1000));
  }
}

/** Answers a day of all private models of an account together: they cost nothing, and the server computes them all the same. */
const privateAnswersPerDay = 500;

/** @throws {TooManyRequestsError} with the seconds until the day ends */
export async function takePrivateAnswer(deps: Pick<Deps, 'db' | 'now'>, owner: string): Promise<void> {
  await takeFromLimit(deps, { name: 'private-answers', max: privateAnswersPerDay, windowSeconds: dayMs / 1000 }, owner);
}

/** Takes back one counted answer of the day of `countedAt`, because none was given. */
export async function giveBackFreeAnswer(
  deps: Pick<Deps, 'db'>,
  caller: Extract<Caller, { kind: 'free' }>,
  countedAt: Date,
): Promise<void> {
  await deps.db
    .update(rateLimits)
    .set({ count: sql`greatest(${rateLimits.count} - 1, 0)` })
    .where(eq(rateLimits.key, keyOf(caller, endOfDay(countedAt))));
}

const endOfDay = (at: Date): Date => new Date((Math.floor(at.getTime() / dayMs) + 1) * dayMs);
const keyOf = (caller: Caller, expiresAt: Date): string =>
  `free:${caller.callerKey}:${expiresAt.toISOString().slice(0, 10)}`;
