import { and, eq, gt, isNull, or } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';
import { hashToken } from './hash-token.ts';
import type { ApiKey } from './types.ts';

/** Condition: neither revoked nor past its end. */
export const isWorking = (now: Date) =>
  and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));

/**
 * The working key of this text, or null (unknown, revoked, or past its end). Asked with every request, so that a revoked key
 * is refused with the next one. Notes the time of use.
 */
export async function findApiKey(deps: Pick<Deps, 'db' | 'now'>, key: string): Promise<ApiKey | null> {
  if (!/^olk_[0-9A-Za-z]{43}$/.test(key)) return null;
  const now = deps.now();
  const [row] = await deps.db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.keyHash, hashToken(key)), isWorking(now)))
    .returning();
  if (!row) return null;
  const { keyHash: _, ...apiKey } = row;
  return { ...apiKey, owner: apiKey.owner as `0x${string}` };
}
