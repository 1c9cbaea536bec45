import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { parseEther } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chainTransactions, heartbeats, rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import { followUpTransactions } from '#lib/platform/chain/follow-up-transactions.ts';
import { settleRewardPeriod } from '#lib/rewards/settle-reward-period.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { auditConservation, formatAudit } from './conservation.ts';
import { type DurableProcess, openDurableWorld } from './test-support/durable-world.ts';
import { openGateway, seedModel } from './test-support/paid-answers.ts';

const kills = 10; // each victim twice and the worker four times; twenty more strike the whole product (e2e/kill.spec.ts)
const victims: DurableProcess[] = ['settler', 'database', 'settler', 'chain', 'index'];
let durable: Awaited<ReturnType<typeof openDurableWorld>>;

beforeAll(async () => {
  durable = await openDurableWorld({ windowSeconds: 24 });
}, 180_000);
afterAll(() => durable?.close(), 30_000);

it('leaves the workers running when database and chain die and come back', { timeout: 120_000 }, async () => {
  await Promise.all([durable.start('settler'), durable.start('index')]);
  const heightOf = async () => {
    const [row] = await durable.world.deps.db.select().from(heartbeats).where(eq(heartbeats.process, 'index'));
    return { seenAt: row?.seenAt.getTime() ?? 0, head: Number(row?.facts.head ?? 0) };
  };
  await expect.poll(async () => (await heightOf()).head, { timeout: 30_000 }).toBeGreaterThan(0);
  for (const victim of ['database', 'chain', 'database'] as const) {
    await durable.kill(victim);
    await sleep(1_500);
    await durable.start(victim);
    const { seenAt, head } = await heightOf();
    await expect.poll(async () => (await heightOf()).seenAt, { timeout: 20_000 }).toBeGreaterThan(seenAt);
    await expect.poll(async () => (await heightOf()).head, { timeout: 30_000 }).toBeGreaterThan(head);
  }
  expect([durable.isAlive('settler'), durable.isAlive('index')]).toEqual([true, true]);
  await Promise.all([durable.kill('settler'), durable.kill('index')]);
});

it(`settles everything once through ${kills} kills of worker, database, chain and indexer`, {
  timeout: 400_000,
}, async () => {
  const { world } = durable;
  const [payer, key, owner] = [devnetAccount(5), devnetAccount(7), devnetAccount(3)];
  const channel = await world.openChannel(payer, key, parseEther('5'));
  await world.index();
  const gateway = await openGateway(world);
  const seeded = await seedModel(world, {
    ...{ owner: owner.address, curator: owner.address, contributors: [1, 2, 4].map((n) => devnetAccount(n).address) },
    split: { data: 6_000, model: 2_000, app: 0, infra: 1_000, validators: 500 },
    ...{ inputWei: 1_000_003n, outputWei: 7_000_001n },
  });
  await Promise.all([durable.start('settler'), durable.start('index')]);
  let chargedWei = 0n;
  for (let kill = 0; kill < kills; kill++) {
    chargedWei += (await gateway.ask(seeded, channel, 3 + kill, { ex_0: 5n, ex_1: BigInt(kill) })).feeWei;
    // Spread over what a settlement takes, the same in every run, so that the kills hit different parts of it.
    await sleep(createHash('sha256').update(`kill ${kill}`).digest().readUInt16BE(0) % 1_200);
    const victim = victims[kill % victims.length]!;
    await durable.kill(victim);
    await durable.start(victim);
    // A worker in the middle of a transaction must outlive its database and its chain.
    expect([victim, durable.isAlive('settler'), durable.isAlive('index')]).toEqual([victim, true, true]);
  }
  await Promise.all([durable.kill('settler'), durable.kill('index'), gateway.close()]);
  await settleTheRest();

  await world.index();
  const { db, chain, deployment } = world.deps;
  const audit = await auditConservation({ pool: world.database.pool, chain, deployment });
  expect(audit.differences, formatAudit(audit)).toEqual([]);
  const periods = await db.select().from(rewardPeriods);
  expect(periods.every((period) => period.status === 'submitted')).toBe(true);
  expect(periods.reduce((sum, period) => sum + period.grossWei, 0n)).toBe(chargedWei);
  const lines = await db.select().from(rewardLines);
  const netWei = periods.reduce((sum, period) => sum + period.netWei, 0n);
  expect(lines.reduce((sum, line) => sum + line.amountWei, 0n)).toBe(netWei);
  // What died between its broadcast and the note of it is found by the worker's sweep, a minute later.
  const aMinuteOn = () => new Date(world.deps.now().getTime() + 61_000);
  await followUpTransactions({ ...world.deps, now: aMinuteOn });
  const sent = await db.select().from(chainTransactions);
  expect(sent.filter((row) => row.status !== 'included')).toEqual([]);
  for (const { id } of periods) {
    expect(sent.filter((row) => row.key === `submit:${id}`)).toMatchObject([{ status: 'included' }]);
  }
  console.log(`${kills} kills, ${periods.length} periods, ${sent.length} transactions`);
});

/** Contracts take roots a second apart; the chain's own clock runs on. */
async function settleTheRest(): Promise<void> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const period = await settleRewardPeriod(durable.world.deps).catch((error: { code?: string }) => {
      if (error.code !== 'settlement_not_ready') throw error;
      return undefined;
    });
    if (period === null) return;
    await sleep(500);
  }
  throw new Error('settlement does not come to an end');
}
