import { desc, eq } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';
import type { ApiKey } from './types.ts';

/** An account's keys, newest first, revoked ones included. */
export async function listApiKeys(deps: Pick<Deps, 'db'>, owner: `0x${string}`): Promise<ApiKey[]> {
  const rows = await deps.db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.owner, owner))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(200);
  return rows.map(({ keyHash: _, ...row }) => ({ ...row, owner: row.owner as `0x${string}` }));
}
