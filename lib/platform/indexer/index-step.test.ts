import { eq, sql } from 'drizzle-orm';
import { type Hex, keccak256, parseEther, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { chainBlocks, chainEvents, ledgerEntries, ledgerTransactions } from '#db/schema/settlement.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { indexStep, indexToHead } from './index-step.ts';
import { rollBack } from './roll-back.ts';

let world: TestSettlementWorld;
const payer = devnetAccount(1);
const session = devnetAccount(2);
const owner = devnetAccount(3);
const policy = { joinStake: 0n, reviewPeriod: 60, curatorQuorum: 0, ownerBps: 0, dedup: 1 };

const eventsNamed = (name: string) => world.deps.db.select().from(chainEvents).where(eq(chainEvents.name, name));
const balances = async () => {
  const rows = await world.deps.db
    .select({ account: ledgerEntries.account, wei: sql<string>`sum(${ledgerEntries.amountWei})` })
    .from(ledgerEntries)
    .groupBy(ledgerEntries.account);
  return Object.fromEntries(rows.map((row) => [row.account, BigInt(row.wei)]));
};
/** All that the indexer wrote, in a fixed order. */
const everything = async () => {
  const { db } = world.deps;
  return {
    events: await db.select().from(chainEvents).orderBy(chainEvents.blockNumber, chainEvents.logIndex),
    transactions: await db.select().from(ledgerTransactions).orderBy(ledgerTransactions.key),
    entries: await db.select().from(ledgerEntries).orderBy(ledgerEntries.transactionId, ledgerEntries.account),
    blocks: await db
      .select()
      .from(chainBlocks)
      .where(sql`exists (select 1 from ${chainEvents} e where e.block_number = ${chainBlocks.number})`)
      .orderBy(chainBlocks.number),
  };
};

beforeAll(async () => {
  world = await openSettlementWorld();
}, 120_000);
afterAll(() => world?.close());

describe('the indexer', () => {
  it('stores events with their subject, and posts what moves our money', async () => {
    const channel = await world.openChannel(payer, session, parseEther('3'));
    const { datanetRegistry, inferenceChannels, openToken, revenueRouter } = world.addresses;
    const metaHash = keccak256(toHex('meta'));
    await world.send(owner, datanetRegistry, datanetRegistryAbi, 'create', [policy, 0, metaHash]);
    const root = keccak256(toHex('rows'));
    await world.send(owner, datanetRegistry, datanetRegistryAbi, 'commit', [1n, root, 5, 'cid']);
    await world.send(payer, inferenceChannels, inferenceChannelsAbi, 'requestWithdraw', [channel.id, parseEther('1')]);
    await world.send(payer, openToken, openTokenAbi, 'transfer', [revenueRouter, 100n]);
    await world.send(payer, revenueRouter, revenueRouterAbi, 'flush', []);
    const { height, head } = await world.index();
    expect(height).toBe(head);
    expect((await eventsNamed('Opened'))[0]).toMatchObject({ subject: channel.id, contract: 'inferenceChannels' });
    expect((await eventsNamed('DatanetCreated'))[0]).toMatchObject({
      subject: metaHash,
      args: { owner: owner.address.toLowerCase(), 'policy.reviewPeriod': 60 },
    });
    expect((await eventsNamed('BatchAccepted'))[0]).toMatchObject({ subject: root, args: { count: 5, version: 1 } });
    expect(await balances()).toEqual({
      'chain:channels': parseEther('3'),
      [`channel:${channel.id}`]: -parseEther('3'),
      'chain:router': 0n,
      donations: -100n,
      treasury: 5n,
      'chain:ledger': 95n,
    });
  });

  it('ignores the money of channels towards others', async () => {
    const before = await balances();
    const { openToken, inferenceChannels } = world.addresses;
    await world.send(payer, openToken, openTokenAbi, 'approve', [inferenceChannels, 50n]);
    const args = [owner.address, session.address, 3600, keccak256('0x01'), 50n];
    await world.send(payer, inferenceChannels, inferenceChannelsAbi, 'open', args);
    await world.index();
    expect(await balances()).toEqual(before);
    expect(await eventsNamed('Opened')).toHaveLength(2);
  });

  it('gives equal tables when they are dropped and replayed, in steps of any size', async () => {
    const before = await everything();
    await rollBack(world.deps.db, -1);
    expect(await everything()).toMatchObject({ events: [], transactions: [], entries: [] });
    for (let size = 1; ; size = (size % 7) + 1) {
      const { height, head } = await indexStep(world.deps, { batchSize: size });
      if (height === head) break;
    }
    expect(await everything()).toEqual(before);
  });

  it('forgets what a reorg took back and keeps what stayed', async () => {
    const { openToken, inferenceChannels, datanetRegistry } = world.addresses;
    const [{ subject: id } = { subject: '' }] = await eventsNamed('Opened');
    await world.send(payer, openToken, openTokenAbi, 'approve', [inferenceChannels, 7n]);
    await world.index();
    const before = await balances();
    await world.send(payer, inferenceChannels, inferenceChannelsAbi, 'deposit', [id as Hex, 7n]);
    await world.index();
    expect((await balances())['chain:channels']).toBe((before['chain:channels'] ?? 0n) + 7n);
    await world.chain.rpc('anvil_reorg', [1, []]);
    await world.send(owner, datanetRegistry, datanetRegistryAbi, 'create', [policy, 0, keccak256(toHex('other'))]);
    await world.index();
    expect(await balances()).toEqual(before);
    expect(await eventsNamed('DatanetCreated')).toHaveLength(2);
    const stored = await everything();
    await rollBack(world.deps.db, -1);
    await indexToHead(world.deps);
    expect(await everything()).toEqual(stored);
  });

  it('starts over on a chain that has gone back or was started anew', async () => {
    const before = await everything();
    const { rpc } = world.chain;
    const snapshot = await rpc('evm_snapshot');
    const { datanetRegistry } = world.addresses;
    for (const text of ['a', 'b', 'c']) {
      await world.send(owner, datanetRegistry, datanetRegistryAbi, 'create', [policy, 0, keccak256(toHex(text))]);
    }
    await world.index();
    expect(await eventsNamed('DatanetCreated')).toHaveLength(5);
    await rpc('evm_revert', [snapshot]); // the chain is shorter than what is stored
    await world.index();
    expect(await everything()).toEqual(before);
  });

  it('leaves a consistent state when it dies in the middle of a step', async () => {
    const before = await everything();
    await rollBack(world.deps.db, -1);
    const dying = { ...world.deps, deployment: { ...world.deps.deployment, addresses: { ...world.addresses } } };
    const step = indexStep(dying, { batchSize: 5 });
    await world.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await step.catch(() => {});
    await world.index();
    expect(await everything()).toEqual(before);
  });
});
