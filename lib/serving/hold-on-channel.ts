import { and, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { apiKeys } from '#db/schema/auth.ts';
import { inferences } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { ApiKeyBudgetError, InsufficientDepositError, NoChannelError, VoucherTooSmallError } from './errors.ts';
import { freeWeiOf, listChannelsOf } from './queries.ts';
import type { Caller } from './types.ts';

/**
 * Holds `ceilingWei` on one of the payer's channels and returns its id: charged + reserved may exceed neither the deposit
 * nor the newest voucher. The payer's rows are locked first, so parallel requests of one payer take turns.
 */
export async function holdOnChannel(
  tx: DatabaseOrTransaction,
  caller: Exclude<Caller, { kind: 'free' | 'exact' }>,
  ceilingWei: bigint,
  receiver: string,
  now: Date,
): Promise<`0x${string}`> {
  await tx
    .select({ id: channels.id })
    .from(channels)
    .where(eq(channels.payer, caller.payer))
    .orderBy(channels.id)
    .for('update');
  const every = await listChannelsOf(tx, caller.payer, receiver);
  const all = caller.kind === 'voucher' ? every.filter(({ channelId }) => channelId === caller.channelId) : every;
  const funded = all.find((channel) => freeWeiOf(channel) >= ceilingWei);
  const richest = all.reduce<(typeof all)[number] | null>(
    (best, channel) => (best && freeWeiOf(best) >= freeWeiOf(channel) ? best : channel),
    null,
  );
  if (!richest) throw new NoChannelError(ceilingWei);
  if (!funded) throw new InsufficientDepositError(richest.channelId, freeWeiOf(richest), ceilingWei);
  const needed = (channel: typeof funded) => channel.chargedWei + channel.reservedWei + ceilingWei;
  const chosen = all.find((channel) => freeWeiOf(channel) >= ceilingWei && channel.voucherWei >= needed(channel));
  if (!chosen) throw new VoucherTooSmallError(funded.channelId, funded.voucherWei, needed(funded));
  if (caller.kind === 'api-key') await assertBudget(tx, caller.apiKeyId, ceilingWei);
  await tx
    .update(channels)
    .set({ reservedWei: sql`${channels.reservedWei} + ${ceilingWei}`, updatedAt: now })
    .where(eq(channels.id, chosen.channelId));
  return chosen.channelId;
}

/** A key may spend its budget at most: what it spent plus what its running answers hold. The key's row lock serialises. */
async function assertBudget(tx: DatabaseOrTransaction, apiKeyId: string, ceilingWei: bigint): Promise<void> {
  const [key] = await tx.select().from(apiKeys).where(eq(apiKeys.id, apiKeyId)).for('update');
  const [held] = await tx
    .select({ wei: sql<string>`coalesce(sum(${inferences.ceilingWei}), 0)` })
    .from(inferences)
    .where(and(eq(inferences.apiKeyId, apiKeyId), eq(inferences.status, 'running')));
  const leftWei = key ? key.budgetWei - key.spentWei - BigInt(held?.wei ?? '0') : 0n;
  if (leftWei < ceilingWei) throw new ApiKeyBudgetError(leftWei > 0n ? leftWei : 0n, ceilingWei);
}
