import { eq } from 'drizzle-orm';
import type { Hex, LocalAccount } from 'viem';
import { channels } from '#db/schema/settlement.ts';
import { taskHash } from '#lib/kernel/task/task-hash.ts';
import type { TaskBody, TaskReceiptBody } from '#lib/kernel/task/task-schema.ts';
import { holdOnChannel } from '#lib/serving/hold-on-channel.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import { acceptTask } from '#lib/tasks/accept-task.ts';
import { closeTask } from '#lib/tasks/close-task.ts';
import { openTask } from '#lib/tasks/open-task.ts';
import type { Channel, SettlementWorld } from './settlement-world.ts';

/** An app does something for the channel's payer, who agrees to the price and is charged. Nothing is called. */
export async function payTask(
  world: SettlementWorld,
  channel: Channel,
  app: LocalAccount,
  priceWei: bigint,
): Promise<void> {
  const { deps } = world;
  const lower = (address: string) => address.toLowerCase() as `0x${string}`;
  const common = { app: lower(app.address), gateway: lower(deps.operator.address) };
  const task: TaskBody = {
    ...{ kind: 'task', version: 1, id: `task_${'5'.repeat(32)}`, name: 'App', ...common, parent: null, depth: 1 },
    ...{ openedAt: deps.now().toISOString(), asker: lower(channel.payer), priceWei: priceWei.toString() },
    requestHash: `0x${'1'.repeat(64)}`,
  };
  const sign = (hash: Hex) => app.signMessage({ message: { raw: hash } });
  await openTask(deps, { task, signature: await sign(taskHash(task)) });
  const asker = { kind: 'account' as const, address: lower(channel.payer) };
  const [row] = await world.database.db.select().from(channels).where(eq(channels.id, channel.id));
  const maxWei = (row?.chargedWei ?? 0n) + (row?.reservedWei ?? 0n) + priceWei;
  const signature = await world.signVoucher(channel, maxWei);
  await registerVoucher(deps, asker, { channelId: channel.id, maxWei: maxWei.toString(), signature });
  await acceptTask({ ...deps, holdPrice: holdOnChannel }, asker, { id: task.id, maxWei: priceWei, apiKeyId: null });
  const receipt: TaskReceiptBody = {
    ...{ kind: 'task-receipt', version: 1, taskId: task.id, taskHash: taskHash(task), ...common },
    ...{ payer: asker.address, channelId: channel.id, closedAt: deps.now().toISOString(), outcome: 'done' },
    ...{ outputHash: null, calls: [], costWei: '0', feeWei: priceWei.toString() },
  };
  await closeTask(deps, { id: task.id, receipt, signature: await sign(taskHash(receipt)) });
}
