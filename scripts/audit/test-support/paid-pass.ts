import { eq } from 'drizzle-orm';
import type { LocalAccount } from 'viem';
import { modelPasses } from '#db/schema/model-passes.ts';
import { models } from '#db/schema/models.ts';
import { chainEvents, channels } from '#db/schema/settlement.ts';
import { buyPass } from '#lib/passes/buy-pass.ts';
import { setModelAccess } from '#lib/passes/set-model-access.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import type { Channel, SettlementWorld } from './settlement-world.ts';

/** The channel's payer buys a pass for the seeded model of `owner`; its receipt's id. Only that the chain has the model is made up, meanwhile. */
export async function payPass(
  world: SettlementWorld,
  channel: Channel,
  owner: LocalAccount,
  priceWei: bigint,
): Promise<string | null> {
  const { deps } = world;
  const { db } = world.database;
  const [model] = await db.select().from(models).where(eq(models.id, 'mdl_1'));
  const hash = `0x${'7'.repeat(64)}`;
  await db.insert(chainEvents).values({
    ...{ blockNumber: 1, logIndex: 10_000, blockHash: hash, txHash: hash, contract: 'modelRegistry' },
    ...{ name: 'VersionPublished', subject: model!.versionHash, args: {} },
  });
  const accountOf = (address: string) => ({
    kind: 'account' as const,
    address: address.toLowerCase() as `0x${string}`,
  });
  const sold = { amount: 10, priceWei: priceWei.toString() };
  await setModelAccess(deps, accountOf(owner.address), {
    model: 'mdl_1',
    access: 'holders',
    days: null,
    answers: sold,
  });
  const [row] = await db.select().from(channels).where(eq(channels.id, channel.id));
  const maxWei = (row?.chargedWei ?? 0n) + (row?.reservedWei ?? 0n) + priceWei;
  const voucher = { channelId: channel.id, maxWei: maxWei.toString() };
  const signature = await world.signVoucher(channel, maxWei);
  const buyer = accountOf(channel.payer);
  await registerVoucher(deps, buyer, { ...voucher, signature });
  const { passId } = await buyPass(deps, buyer, {
    ...{ model: 'mdl_1', kind: 'answers' as const, ...sold, idempotencyKey: 'paid-pass' },
  });
  await db.delete(chainEvents).where(eq(chainEvents.txHash, hash));
  const [pass] = await db.select().from(modelPasses).where(eq(modelPasses.id, passId));
  return pass!.receiptId;
}
