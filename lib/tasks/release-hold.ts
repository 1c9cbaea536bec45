import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { apiKeys } from '#db/schema/auth.ts';
import { channels } from '#db/schema/settlement.ts';
import type { tasks } from '#db/schema/tasks.ts';

type Held = Pick<typeof tasks.$inferSelect, 'channelId' | 'apiKeyId' | 'heldWei'>;

/** Ends what is held for a task: `feeWei` of it is charged, 0 or all; the rest is free again, in the key's budget too. */
export async function releaseHold(
  tx: DatabaseOrTransaction,
  { channelId, apiKeyId, heldWei }: Held,
  feeWei: bigint,
  now: Date,
): Promise<void> {
  if (channelId === null) return;
  await tx
    .update(channels)
    .set({
      chargedWei: sql`${channels.chargedWei} + ${feeWei}`,
      reservedWei: sql`${channels.reservedWei} - ${heldWei}`,
      updatedAt: now,
    })
    .where(eq(channels.id, channelId as `0x${string}`));
  if (apiKeyId === null) return;
  const spentWei = sql`${apiKeys.spentWei} - ${heldWei - feeWei}`;
  await tx.update(apiKeys).set({ spentWei }).where(eq(apiKeys.id, apiKeyId));
}
