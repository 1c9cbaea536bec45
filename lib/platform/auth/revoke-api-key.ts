import { and, eq, sql } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import { assertAccount } from '../assert-account.ts';
import type { Actor, Deps } from '../deps.ts';
import { ApiKeyNotFoundError } from './errors.ts';

/** Ends a key for good; a second call changes nothing. Somebody else's key is answered like one that does not exist. */
export async function revokeApiKey(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: { id: string },
): Promise<{ id: string; revokedAt: Date }> {
  const { address } = assertAccount(actor);
  const [row] = await deps.db
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${deps.now().toISOString()})` })
    .where(and(eq(apiKeys.id, input.id), eq(apiKeys.owner, address)))
    .returning({ id: apiKeys.id, revokedAt: apiKeys.revokedAt });
  if (!row) throw new ApiKeyNotFoundError();
  return { id: row.id, revokedAt: row.revokedAt! };
}
