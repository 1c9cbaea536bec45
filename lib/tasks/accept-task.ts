import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { apiKeys } from '#db/schema/auth.ts';
import { tasks } from '#db/schema/tasks.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { Caller } from '#lib/serving/types.ts';
import { TaskClosedError, TaskForbiddenError, TaskNotFoundError, TaskPriceError } from './errors.ts';
import { taskOpenMs } from './rules.ts';

/** Holds a price on one of the payer's channels, as answers' prices are held (lib/serving/get-channel-hold.ts). */
export type HoldPrice = (
  tx: DatabaseOrTransaction,
  caller: Extract<Caller, { kind: 'session' | 'api-key' }>,
  wei: bigint,
  receiver: string,
  now: Date,
) => Promise<`0x${string}`>;

/**
 * The asker agrees to a task's price: it is held on their channel until the task is closed, and counts in the budget of the key
 * that agreed. Done again it changes nothing.
 *
 * @param input `maxWei`: the most that the asker agrees to
 * @throws NotSignedInError, TaskNotFoundError, TaskForbiddenError, TaskClosedError, TaskPriceError, and as getChannelHold
 */
export async function acceptTask(
  deps: Pick<Deps, 'db' | 'deployment' | 'now'> & { holdPrice: HoldPrice },
  actor: Actor,
  input: { id: string; maxWei: bigint; apiKeyId: string | null },
): Promise<{ heldWei: bigint }> {
  const { address: payer } = assertAccount(actor);
  const { id, maxWei, apiKeyId } = input;
  const now = deps.now();
  return deps.db.transaction(async (tx) => {
    const [task] = await tx.select().from(tasks).where(eq(tasks.id, id)).for('update');
    if (!task) throw new TaskNotFoundError();
    if (task.asker !== payer) throw new TaskForbiddenError('the task names another asker');
    if (task.status === 'accepted') return { heldWei: task.heldWei };
    if (task.status === 'closed' || now.getTime() - task.openedAt.getTime() > taskOpenMs) throw new TaskClosedError();
    const heldWei = BigInt(task.body.priceWei);
    if (heldWei > maxWei) throw new TaskPriceError(heldWei, maxWei);
    const caller = apiKeyId
      ? { kind: 'api-key' as const, callerKey: payer, payer, apiKeyId }
      : { kind: 'session' as const, callerKey: payer, payer };
    const receiver = deps.deployment.addresses.revenueRouter;
    const channelId = heldWei > 0n ? await deps.holdPrice(tx, caller, heldWei, receiver, now) : null;
    if (apiKeyId && heldWei > 0n) {
      const spentWei = sql`${apiKeys.spentWei} + ${heldWei}`;
      await tx.update(apiKeys).set({ spentWei, lastUsedAt: now }).where(eq(apiKeys.id, apiKeyId));
    }
    await tx.update(tasks).set({ status: 'accepted', channelId, apiKeyId, heldWei }).where(eq(tasks.id, id));
    return { heldWei };
  });
}
