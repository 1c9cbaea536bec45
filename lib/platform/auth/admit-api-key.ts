import { sql } from 'drizzle-orm';
import type { Deps } from '../deps.ts';
import { hashToken } from './hash-token.ts';
import { type RateLimit, type Taken, takenOf, windowOf } from './take-from-limit.ts';
import type { ApiKey, ApiKeyScope } from './types.ts';

type Row = {
  id: string;
  owner: `0x${string}`;
  name: string;
  prefix: string;
  budget_wei: string;
  spent_wei: string;
  scopes: ApiKeyScope[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  used: number;
};

/**
 * The working key of this text, with one request of its owner counted under `limit`, in one statement; null when it is unknown,
 * revoked, or past its end, and then nothing is counted. Asked with every request, so that a revoked key is refused with the next
 * one. The time of use is noted once a minute, because all requests of a key would wait for one another's write.
 *
 * @throws {TooManyRequestsError} with the seconds until the window ends
 */
export async function admitApiKey(
  deps: Pick<Deps, 'db' | 'now'>,
  key: string,
  limit: RateLimit,
): Promise<{ apiKey: ApiKey; taken: Taken } | null> {
  if (!/^olk_[0-9A-Za-z]{43}$/.test(key)) return null;
  const now = deps.now();
  const at = now.toISOString();
  const { start, expiresAt } = windowOf(limit, now);
  const { rows } = await deps.db.execute<Row>(sql`
    with key as (
      select * from api_keys
      where key_hash = ${hashToken(key)} and revoked_at is null and (expires_at is null or expires_at > ${at}::timestamptz)
    ), counted as (
      insert into rate_limits (key, count, expires_at)
      select ${`${limit.name}:`} || owner || ${`:${start}`}, 1, ${expiresAt.toISOString()}::timestamptz from key
      on conflict (key) do update set count = rate_limits.count + 1
      returning count
    ), noted as (
      update api_keys set last_used_at = ${at}::timestamptz from key
      where api_keys.id = key.id and (key.last_used_at is null or key.last_used_at < ${at}::timestamptz - interval '1 minute')
    )
    select key.*, counted.count as used,
      -- The count may be lost with the database's power: it need not wait for the disk.
      set_config('synchronous_commit', 'off', true)
    from key, counted`);
  const [row] = rows;
  return row ? { apiKey: toApiKey(row), taken: await takenOf(deps, limit, { used: row.used, expiresAt }) } : null;
}

function toApiKey(row: Row): ApiKey {
  return {
    ...{ id: row.id, owner: row.owner, name: row.name, prefix: row.prefix, scopes: row.scopes },
    ...{ budgetWei: BigInt(row.budget_wei), spentWei: BigInt(row.spent_wei), createdAt: new Date(row.created_at) },
    expiresAt: row.expires_at && new Date(row.expires_at),
    lastUsedAt: row.last_used_at && new Date(row.last_used_at),
    revokedAt: row.revoked_at && new Date(row.revoked_at),
  };
}
