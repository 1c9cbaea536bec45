import { and, count, eq, gt, isNull, or } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import { assertAccount } from '../assert-account.ts';
import type { Actor, Deps } from '../deps.ts';
import { newId } from '../new-id.ts';
import { ApiKeyLimitError } from './errors.ts';
import { hashToken } from './hash-token.ts';
import { apiKeyScopes, type CreateApiKeyInput } from './schema.ts';
import type { ApiKey } from './types.ts';

const keysPerOwnerMax = 50;
const dayMs = 86_400_000;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Makes an API key: `olk_` and 43 characters for 32 random bytes in base 62. The key is in the answer and nowhere else.
 *
 * @throws {NotSignedInError} {@link ApiKeyLimitError}
 */
export async function createApiKey(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: CreateApiKeyInput,
): Promise<{ key: string; apiKey: ApiKey }> {
  const { address } = assertAccount(actor);
  const now = deps.now();
  const key = `olk_${base62(deps.randomBytes(32))}`;
  const apiKey: ApiKey = {
    id: newId(deps, 'apiKey'),
    owner: address,
    name: input.name,
    prefix: key.slice(0, 10),
    budgetWei: input.budgetWei,
    spentWei: 0n,
    scopes: [...new Set(input.scopes ?? apiKeyScopes)],
    createdAt: now,
    expiresAt: input.expiresInDays === undefined ? null : new Date(now.getTime() + input.expiresInDays * dayMs),
    lastUsedAt: null,
    revokedAt: null,
  };
  const isNotEnded = or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now));
  const [held] = await deps.db
    .select({ value: count() })
    .from(apiKeys)
    .where(and(eq(apiKeys.owner, address), isNull(apiKeys.revokedAt), isNotEnded));
  if ((held?.value ?? 0) >= keysPerOwnerMax) throw new ApiKeyLimitError(keysPerOwnerMax);
  await deps.db.insert(apiKeys).values({ ...apiKey, keyHash: hashToken(key) });
  return { key, apiKey };
}

function base62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let i = 0; i < 43; i++, value /= 62n) text = alphabet[Number(value % 62n)] + text;
  return text;
}
