import { sql } from 'drizzle-orm';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { ChargeKind, KeySpending } from '../types.ts';
import { ownCharges } from './own-charges.ts';

type Row = { key_id: string | null; key: string | null; kind: ChargeKind; count: number; fee_wei: string };

/** What an account spent since `from`, by key (null: on the site) and by kind of charge. Most spent first. */
export async function getSpending(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { from }: { from: Date },
): Promise<{ totalWei: bigint; keys: KeySpending[] }> {
  const { address } = assertAccount(actor);
  const { rows } = await deps.db.execute<Row>(sql`
    select c.key_id, c.key, c.kind, count(*)::int as count, sum(c.fee_wei)::text as fee_wei
    from (${ownCharges(address, from)}) c group by c.key_id, c.key, c.kind`);
  const keys = new Map<string | null, KeySpending>();
  for (const { key_id, key, kind, count, fee_wei } of rows) {
    const one = keys.get(key_id) ?? { keyId: key_id, key, feeWei: 0n, kinds: {} };
    one.kinds[kind] = { count, feeWei: BigInt(fee_wei) };
    keys.set(key_id, { ...one, feeWei: one.feeWei + BigInt(fee_wei) });
  }
  const sorted = [...keys.values()].sort((a, b) => (a.feeWei < b.feeWei ? 1 : a.feeWei > b.feeWei ? -1 : 0));
  return { totalWei: sorted.reduce((sum, { feeWei }) => sum + feeWei, 0n), keys: sorted };
}
