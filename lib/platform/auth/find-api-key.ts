import { and, eq, isNull } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';
import { hashToken } from './hash-token.ts';
import type { ApiKey } from './types.ts';

/** The working key of this text, or null (unknown, or revoked). Notes the time of use. */
export async function findApiKey(deps: Pick<Deps, 'db' | 'now'>, key: string): Promise<ApiKey | null> {
  if (!/^olk_[0-9A-Za-z]{43}$/.test(key)) return null;
  const [row] = await deps.db
    .update(apiKeys)
    .set({ lastUsedAt: deps.now() })
    .where(and(eq(apiKeys.keyHash, hashToken(key)), isNull(apiKeys.revokedAt)))
    .returning();
  if (!row) return null;
  const { keyHash: _, ...apiKey } = row;
  return { ...apiKey, owner: apiKey.owner as `0x${string}` };
}
