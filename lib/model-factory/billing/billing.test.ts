import { once } from 'node:events';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { apiKeys } from '#db/schema/auth.ts';
import { receipts, trainingRuns } from '#db/schema/models.ts';
import { chainEvents, channels, ledgerEntries } from '#db/schema/settlement.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import { documentHash } from '#lib/kernel/document-hash.ts';
import { trainingReceiptSchema } from '#lib/kernel/training-receipt.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { cancelTrainingRun, resumeTrainingRun, stopTrainingRun } from '../change-training-run.ts';
import { appendRunEvent, takeRun } from '../run-lease.ts';
import { startTrainingRun } from '../start-training-run.ts';
import { createFactory, type Factory, insertVersion, runInput } from '../test-support/factory-fixture.ts';
import { trainRun } from '../train-run.ts';
import type { TrainingEngine } from '../training-engine.ts';
import { chargeEveryMs, chargeTrained } from './charge-trained.ts';
import { issueTrainingReceipts } from './issue-training-receipts.ts';

const alice = { kind: 'account', address: `0x${'a'.repeat(40)}` } as const;
const channelId = `0x${'c'.repeat(64)}` as const;
const depositWei = 1_000_000n;
/** 1 wei a token. */
const price = 1_000n;

let database: TestDatabase;
let factory: Factory;
let launches = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  await insertVersion(factory, { key: 'red', owner: alice.address, rowCount: 40 });
});
beforeEach(async () => {
  Object.assign(factory.env, { TRAINING_WEI_PER_1000_TOKENS: price, FREE_TRAINING_TOKENS_PER_DAY: 0 });
  factory.clock.ms += 86_400_000;
  await openChannel(depositWei);
});
afterEach(async () => {
  await database.db.delete(trainingBills);
  await database.db.delete(receipts);
  await database.db.delete(channels);
  await database.db.delete(chainEvents);
  await database.db.update(trainingRuns).set({ status: 'succeeded' });
});
afterAll(async () => {
  await database.close();
  factory.remove();
});

async function openChannel(voucherWei: bigint) {
  const event = (name: string, logIndex: number, args: Record<string, string>) => ({
    ...{ blockNumber: 1, logIndex, blockHash: `0x${'1'.repeat(64)}`, txHash: `0x${'2'.repeat(64)}` },
    ...{ contract: 'inferenceChannels', name, subject: channelId, args },
  });
  const receiver = factory.deployment.addresses.revenueRouter;
  await database.db
    .insert(chainEvents)
    .values([
      event('Opened', 1, { payer: alice.address, receiver, signer: alice.address, delay: '3600' }),
      event('Deposited', 2, { balance: depositWei.toString() }),
    ]);
  await database.db.insert(channels).values({
    ...{ id: channelId, payer: alice.address, signer: alice.address, chargedWei: 0n, reservedWei: 0n, voucherWei },
    updatedAt: factory.now(),
  });
}

const start = async (options?: Parameters<typeof startTrainingRun>[3]) =>
  (await startTrainingRun(factory, alice, runInput('dv_red', { idempotencyKey: `launch-${launches++}` }), options))
    .runId;
const billsOf = (runId: string) =>
  database.db.select().from(trainingBills).where(eq(trainingBills.runId, runId)).orderBy(trainingBills.createdAt);
const channel = async () => (await database.db.select().from(channels))[0]!;
/** What the bill of a fresh run of the version holds: every token of it. */
const expected = async () => Number((await channel()).reservedWei);

/** Trains so many of 10 steps of 100 tokens, then does what `end` does. */
function trainer(steps: number, end: (signal: AbortSignal) => Promise<void>): TrainingEngine {
  const unused = () => Promise.reject(new Error('not asked for'));
  return {
    findCopies: async () => [],
    async *train({ signal }: { signal: AbortSignal }) {
      yield { type: 'started', totalSteps: 10, trainTokens: 1_000, attributable: true, heldOutExamples: 4 };
      for (let step = 1; step <= steps; step++) yield { type: 'step', step, loss: 1, tokensPerSecond: 1 };
      await end(signal);
    },
    ...{ buildIndex: unused, buildSpans: unused },
  } as unknown as TrainingEngine;
}
const train = (runId: string, engine: TrainingEngine) =>
  trainRun(factory, engine, { runId, workRoot: join(factory.folder, 'work'), signal: new AbortController().signal });

it('holds the price before the start, and gives it back whole when the run is cancelled before it trained', async () => {
  const runId = await start();
  const [held] = await billsOf(runId);
  expect(held).toMatchObject({ status: 'held', channelId, ceilingWei: BigInt(held!.expectedTokens) });
  expect(await channel()).toMatchObject({ reservedWei: held!.ceilingWei, chargedWei: 0n });
  await cancelTrainingRun(factory, alice, { runId });
  expect(await billsOf(runId)).toMatchObject([{ status: 'settled', outcome: 'cancelled', tokens: 0, feeWei: 0n }]);
  expect(await channel()).toMatchObject({ reservedWei: 0n, chargedWei: 0n });
  expect(await issueTrainingReceipts({ ...factory, operator: privateKeyToAccount(`0x${'1'.repeat(64)}`) })).toBe(0);
});

it('charges a cancelled run what it trained, once, with a receipt that says so and the budget of its key', async () => {
  const key = { id: 'key_1', owner: alice.address, budgetWei: depositWei, spentWei: 0n };
  const secret = { name: 'one', prefix: 'one', keyHash: `0x${'e'.repeat(64)}` };
  await database.db.insert(apiKeys).values({ ...key, ...secret, createdAt: factory.now() });
  const runId = await start({ apiKeyId: key.id });
  const cancelled = trainer(3, async (signal) => {
    await cancelTrainingRun(factory, alice, { runId });
    await once(signal, 'abort'); // as the real engine, which looks at it after each step
    signal.throwIfAborted();
  });
  expect(await train(runId, cancelled)).toBe('cancelled');
  expect(await train(runId, cancelled)).toBe('skipped');
  expect(await billsOf(runId)).toMatchObject([{ outcome: 'cancelled', tokens: 300, feeWei: 300n }]);
  expect(await channel()).toMatchObject({ reservedWei: 0n, chargedWei: 300n });
  expect((await database.db.select().from(apiKeys))[0]!.spentWei).toBe(300n);
  const entries = await database.db.select().from(ledgerEntries);
  expect(entries.map(({ account, amountWei }) => [account, amountWei])).toEqual(
    expect.arrayContaining([
      [`channel:${channelId}`, 300n],
      ['revenue:unsettled', -300n],
    ]),
  );
  const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
  expect(await issueTrainingReceipts({ ...factory, operator })).toBe(1);
  expect(await issueTrainingReceipts({ ...factory, operator })).toBe(0);
  const [receipt] = await database.db.select().from(receipts);
  const body = trainingReceiptSchema.parse(receipt!.body);
  expect(body).toMatchObject({ runId, feeWei: '300', tokens: { trained: 300, free: 0 }, payer: alice.address });
  expect(documentHash(body)).toBe(receipt!.hash);
  await database.db.delete(apiKeys);
});

it('takes the day’s free tokens first, never twice, and afresh the next day', async () => {
  factory.env.FREE_TRAINING_TOKENS_PER_DAY = 100;
  const [a, b] = await Promise.all([start(), start()]);
  const bills = [(await billsOf(a))[0]!, (await billsOf(b))[0]!];
  expect(bills.map(({ freeTokens }) => freeTokens).sort((x, y) => x - y)).toEqual([0, 100]);
  for (const { ceilingWei, expectedTokens, freeTokens } of bills)
    expect(ceilingWei).toBe(BigInt(expectedTokens - freeTokens));
  factory.clock.ms += 86_400_000;
  expect((await billsOf(await start()))[0]!.freeTokens).toBe(100);
});

it('starts nothing that is not covered, and says exactly what is missing', async () => {
  await database.db.update(channels).set({ chargedWei: depositWei - 10n });
  const runs = await database.db.$count(trainingRuns);
  await expect(start()).rejects.toMatchObject({
    code: 'training_unpaid',
    facts: { reason: 'insufficient_deposit' },
  });
  await database.db.update(channels).set({ chargedWei: 0n, voucherWei: 5n });
  const refused = await start().catch((error: { facts: Record<string, string> }) => error);
  expect(refused).toMatchObject({ facts: { reason: 'voucher_too_small', channelId } });
  expect(await database.db.$count(trainingRuns)).toBe(runs);
  expect(await channel()).toMatchObject({ reservedWei: 0n });
  // The voucher that it asks for is exactly enough.
  const { requiredVoucherWei } = (refused as { facts: Record<string, string> }).facts;
  await database.db.update(channels).set({ voucherWei: BigInt(requiredVoucherWei!) });
  await start();
});

it('lets two starts at once hold no more than the deposit', async () => {
  await start();
  const needWei = await expected();
  await database.db.update(channels).set({ chargedWei: depositWei - BigInt(needWei) * 2n });
  const results = await Promise.allSettled([start(), start()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

it('charges a stopped run its part, holds the rest when it goes on, and never more than a whole run', async () => {
  const runId = await start();
  await takeRun(factory, runId, 'one');
  await appendRunEvent(factory, runId, 'started', { totalSteps: 10, trainTokens: 1_000 });
  await appendRunEvent(factory, runId, 'step', { step: 4 });
  // As a worker leaves it that shut down: the run waits again, and its bill stays open.
  await database.db
    .update(trainingRuns)
    .set({ status: 'queued', leaseOwner: null, leaseUntil: null })
    .where(eq(trainingRuns.id, runId));
  await stopTrainingRun(factory, alice, { runId });
  expect(await billsOf(runId)).toMatchObject([{ outcome: 'stopped', tokens: 400, feeWei: 400n }]);
  await resumeTrainingRun(factory, alice, { runId });
  expect((await billsOf(runId))[1]).toMatchObject({ status: 'held', expectedTokens: 600, ceilingWei: 600n });
  await appendRunEvent(factory, runId, 'step', { step: 10 });
  await Promise.all([
    cancelTrainingRun(factory, alice, { runId }),
    cancelTrainingRun(factory, alice, { runId }),
    stopTrainingRun(factory, alice, { runId }).catch(() => {}),
  ]);
  expect(await channel()).toMatchObject({ reservedWei: 0n, chargedWei: 1_000n });
});

it('charges nothing for what fails by our fault, and what was trained where the recipe is to blame', async () => {
  const ours = await start();
  expect(
    await train(
      ours,
      trainer(5, () => Promise.reject(new Error('a cable'))),
    ),
  ).toBe('failed');
  expect(await billsOf(ours)).toMatchObject([{ outcome: 'ours', tokens: 0, feeWei: 0n }]);
  const theirs = await start();
  const diverged = Object.assign(new Error('loss is not a number'), { code: 'training_diverged' });
  expect(
    await train(
      theirs,
      trainer(5, () => Promise.reject(diverged)),
    ),
  ).toBe('failed');
  expect(await billsOf(theirs)).toMatchObject([{ outcome: 'failed', tokens: 500, feeWei: 500n }]);
  expect(await channel()).toMatchObject({ reservedWei: 0n, chargedWei: 500n });
  // Resumed, what it had learnt before the failure is of use after all.
  await resumeTrainingRun(factory, alice, { runId: ours });
  await cancelTrainingRun(factory, alice, { runId: ours });
  expect((await billsOf(ours))[1]).toMatchObject({ outcome: 'cancelled', tokens: 500, feeWei: 500n });
});

it('charges a long run in pieces, each once and never more in all than was held, with a receipt for each', async () => {
  const runId = await start();
  const { ceilingWei } = (await billsOf(runId))[0]!;
  await takeRun(factory, runId, 'one');
  await appendRunEvent(factory, runId, 'started', { totalSteps: 10, trainTokens: 1_000 });
  await appendRunEvent(factory, runId, 'step', { step: 4 });
  const charge = (workerId = 'one') => chargeTrained(factory, { runId, workerId });
  await charge(); // too early
  factory.clock.ms += chargeEveryMs;
  await charge('another'); // has not got the run
  expect(await channel()).toMatchObject({ reservedWei: ceilingWei, chargedWei: 0n });
  await Promise.all([charge(), charge(), charge()]);
  expect(await billsOf(runId)).toMatchObject([
    { status: 'settled', outcome: 'running', tokens: 400, feeWei: 400n },
    { status: 'held', expectedTokens: 600, ceilingWei: 600n },
  ]);
  expect(await channel()).toMatchObject({ reservedWei: 600n, chargedWei: 400n });

  // The deposit is being withdrawn: what was trained is charged, and the run stops with the reason on it.
  await appendRunEvent(factory, runId, 'step', { step: 7 });
  factory.clock.ms += chargeEveryMs;
  await database.db.update(channels).set({ voucherWei: 999n });
  await charge();
  expect((await billsOf(runId))[1]).toMatchObject({ status: 'settled', outcome: 'stopped', tokens: 300, feeWei: 300n });
  expect(await channel()).toMatchObject({ reservedWei: 0n, chargedWei: 700n });
  const [run] = await database.db.select().from(trainingRuns).where(eq(trainingRuns.id, runId));
  expect(run).toMatchObject({ status: 'stopping', errorCode: 'training_unpaid', errorMessage: expect.any(String) });
  await charge();
  expect(await billsOf(runId)).toHaveLength(2);

  const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
  expect(await issueTrainingReceipts({ ...factory, operator })).toBe(2);
  const bodies = (await database.db.select().from(receipts)).map(({ body }) => trainingReceiptSchema.parse(body));
  const pieces = bodies.map(({ version, outcome, feeWei }) => `${version} ${outcome} ${feeWei}`).sort();
  expect(pieces).toEqual(['1 stopped 300', '2 running 400']);
});
