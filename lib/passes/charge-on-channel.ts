import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { apiKeys } from '#db/schema/auth.ts';
import { channels } from '#db/schema/settlement.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { postLedger } from '#lib/platform/ledger/post-ledger.ts';
import { type PassUnpaid, PassUnpaidError } from './errors.ts';

type Held = { outcome: 'held'; channelId: `0x${string}` } | PassUnpaid;

/**
 * Charges a pass at once, in the caller's transaction: held by the database's `hold_on_channel` (migration 0044), which answers and
 * trainings go through too, so deposit, voucher and a key's budget bound them together; then moved from held to charged.
 *
 * @param charge `id`: of the pass, the ledger's key
 * @returns the channel that paid
 * @throws {PassUnpaidError}
 */
export async function chargeOnChannel(
  deps: Pick<Deps, 'deployment' | 'now'> & { db: DatabaseOrTransaction },
  { id, payer, apiKeyId, wei }: { id: string; payer: string; apiKeyId: string | null; wei: bigint },
): Promise<`0x${string}`> {
  const now = deps.now();
  const receiver = deps.deployment.addresses.revenueRouter.toLowerCase();
  const { rows } = await deps.db.execute<{ held: Held }>(sql`
    select hold_on_channel(${payer}, null, ${apiKeyId}, ${wei.toString()}::numeric, ${receiver}, ${now.toISOString()}::timestamptz)
      as held`);
  const { held } = rows[0]!;
  if (held.outcome !== 'held') throw new PassUnpaidError(wei, held);
  const { chargedWei, reservedWei } = channels;
  await deps.db
    .update(channels)
    .set({ chargedWei: sql`${chargedWei} + ${wei}`, reservedWei: sql`${reservedWei} - ${wei}`, updatedAt: now })
    .where(eq(channels.id, held.channelId));
  await postLedger(deps.db, {
    ...{ key: `charge:${id}`, kind: 'charge', at: now, id: derivedId('ledger', id) },
    entries: [
      { account: `channel:${held.channelId}`, amountWei: wei },
      { account: 'revenue:unsettled', amountWei: -wei },
    ],
  });
  if (apiKeyId) {
    const spent = { spentWei: sql`${apiKeys.spentWei} + ${wei}`, lastUsedAt: now };
    await deps.db.update(apiKeys).set(spent).where(eq(apiKeys.id, apiKeyId));
  }
  return held.channelId;
}
