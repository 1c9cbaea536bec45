import { like } from 'drizzle-orm';
import { type Hex, parseEther } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { chainTransactions } from '#db/schema/settlement.ts';
import { openGateway, type SeededModel, seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import {
  type Channel,
  openSettlementWorld,
  type TestSettlementWorld,
} from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { claimVouchers } from './claim-vouchers.ts';
import { listChannelsToClaim } from './list-channels-to-claim.ts';

let world: TestSettlementWorld;
let gateway: Awaited<ReturnType<typeof openGateway>>;
let seeded: SeededModel;
let channel: Channel;
let other: Channel;
const [payer, session, stranger, key] = [devnetAccount(5), devnetAccount(6), devnetAccount(7), devnetAccount(8)];

const onChannels = (functionName: 'requestWithdraw' | 'withdraw', args: readonly unknown[], account = payer) =>
  world.send(account, world.addresses.inferenceChannels, inferenceChannelsAbi, functionName, args);
const claimedOf = async (id: Hex) => {
  const call = { address: world.addresses.inferenceChannels, abi: inferenceChannelsAbi } as const;
  const [, balance, , claimed] = await world.deps.chain.readContract({ ...call, functionName: 'channels', args: [id] });
  return { balance, claimed };
};

beforeAll(async () => {
  world = await openSettlementWorld();
  channel = await world.openChannel(payer, session, parseEther('2'));
  other = await world.openChannel(stranger, key, parseEther('2'));
  await world.index();
  gateway = await openGateway(world);
  seeded = await seedModel(world, {
    ...{ owner: devnetAccount(3).address, curator: devnetAccount(4).address, contributors: [devnetAccount(1).address] },
    split: { data: 6_000, model: 2_000, app: 200, infra: 800, validators: 500 },
    ...{ inputWei: 1_000_003n, outputWei: 7_000_001n },
  });
}, 120_000);
afterAll(async () => {
  await gateway?.close();
  await world?.close();
});

it('claims what was charged before a withdrawal ends, wherever it dies, once, and nobody else’s', async () => {
  const { feeWei } = await gateway.ask(seeded, channel, 9, { ex_0: 5n });
  await gateway.ask(seeded, other, 9, { ex_0: 5n });
  expect(await listChannelsToClaim(world.deps)).toEqual([]);
  await onChannels('requestWithdraw', [channel.id, parseEther('2')]);
  await world.index();
  expect(await listChannelsToClaim(world.deps)).toEqual([{ id: channel.id, totalWei: feeWei }]);
  for (const dying of ['watch-stored', 'watch-broadcast']) {
    const onStep = (step: string) => {
      if (step === dying) throw new Error('killed');
    };
    await expect(claimVouchers({ ...world.deps, onStep })).rejects.toThrow('killed');
  }
  await Promise.all([claimVouchers(world.deps), claimVouchers(world.deps)]);
  expect(await claimedOf(channel.id)).toMatchObject({ claimed: feeWei });
  const sent = await world.deps.db.select().from(chainTransactions).where(like(chainTransactions.key, 'watch:%'));
  expect(sent).toHaveLength(1);

  await world.index();
  expect(await listChannelsToClaim(world.deps)).toEqual([]);
  await world.chain.passTime(3_601);
  const before = await world.balanceOf(payer.address);
  await onChannels('withdraw', [channel.id]);
  expect((await world.balanceOf(payer.address)) - before).toBe(parseEther('2') - feeWei);
  expect(await claimedOf(other.id)).toMatchObject({ claimed: 0n });
});

it('leaves a cancelled request alone', async () => {
  await onChannels('requestWithdraw', [other.id, 5n], stranger);
  await onChannels('requestWithdraw', [other.id, 0n], stranger);
  await world.index();
  expect(await listChannelsToClaim(world.deps)).toEqual([]);
});

it('claims at a threshold and once a day, and stops where the deposit is spent', async () => {
  const tomorrow = () => new Date(world.deps.now().getTime() + 2 * 86_400_000);
  expect(await listChannelsToClaim(world.deps, { exposureWei: 1n })).toMatchObject([{ id: other.id }]);
  expect(await listChannelsToClaim({ ...world.deps, now: tomorrow })).toMatchObject([{ id: other.id }]);
  // Everything but a wei leaves before the tower looks.
  await onChannels('requestWithdraw', [other.id, parseEther('2') - 1n], stranger);
  await world.chain.passTime(3_601);
  await onChannels('withdraw', [other.id], stranger);
  await world.index();
  expect(await listChannelsToClaim(world.deps, { exposureWei: 1n })).toEqual([{ id: other.id, totalWei: 1n }]);
  expect(await claimVouchers({ ...world.deps, now: tomorrow })).toBe(1);
  expect(await claimedOf(other.id)).toEqual({ balance: 1n, claimed: 1n });
  await world.index();
  expect(await listChannelsToClaim({ ...world.deps, now: tomorrow }, { exposureWei: 1n })).toEqual([]);
});

it('is done by a key of its own with what the operator signed, also when the operator has nothing for gas', async () => {
  const [leaver, leaverKey, tower] = [devnetAccount(9), devnetAccount(2), devnetAccount(1)];
  const leaving = await world.openChannel(leaver, leaverKey, parseEther('1'));
  await world.index();
  const { feeWei } = await gateway.ask(seeded, leaving, 9, { ex_0: 5n });
  await onChannels('requestWithdraw', [leaving.id, parseEther('1')], leaver);
  await world.index();
  const operator = world.deps.operator.address;
  const balance = await world.deps.chain.getBalance({ address: operator });
  await world.chain.rpc('anvil_setBalance', [operator, '0x0']);
  expect(await claimVouchers(world.deps, tower)).toBe(1);
  expect(await claimedOf(leaving.id)).toMatchObject({ claimed: feeWei });
  const sent = await world.deps.db.select().from(chainTransactions).where(like(chainTransactions.key, 'watch:%'));
  const bySender = sent.filter(({ sender }) => sender === tower.address.toLowerCase());
  expect(bySender).toMatchObject([{ status: 'included' }]);
  await world.chain.rpc('anvil_setBalance', [operator, `0x${balance.toString(16)}`]);
});
