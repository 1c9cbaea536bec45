import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { rewardLeaves, rewardLines, rewardPeriods, rewardRowPools } from '#db/schema/settlement.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { holdChallenged } from './hold-challenged.ts';
import type { SettlementDeps } from './settlement-deps.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const hash = (digit: string) => `0x${digit.repeat(64)}` as const;
const now = new Date(Date.UTC(2030, 0, 1));
let database: TestDatabase;
const deps = () => ({ db: database.db, log: pino({ level: 'silent' }) }) as SettlementDeps;

beforeAll(async () => {
  database = await createTestDatabase();
  const split = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
  const people = { owner: wallet(9), curator: wallet(9), contributors: [wallet(1)] };
  await seedModel({ database, deps: { now: () => now } }, { ...people, split, inputWei: 1n, outputWei: 1n });
});
afterAll(() => database.close());

/** A booked period of flat answers: what they left to all rows is in it. The first one's challenge was upheld. */
async function bookedPeriod(number: number, answers: number) {
  const { db } = database;
  const id = `rp_${number}`;
  const [period] = await db
    .insert(rewardPeriods)
    .values({
      ...{ id, number, status: 'claimed' as const, receiptCount: answers, grossWei: BigInt(answers) },
      ...{ protocolFeeWei: 0n, netWei: BigInt(answers), totalWei: BigInt(answers), dataKey: 'd', closedAt: now },
      ...{ root: hash(String(number)), receiptsRoot: hash('0') },
    })
    .returning();
  for (const letter of ['a', 'b'].slice(0, answers)) {
    const answer = `${letter}${number}`;
    await db.insert(inferences).values({
      ...{ id: `inf_${answer}`, modelId: 'mdl_1', callerKey: 'k', idempotencyKey: answer, status: 'completed' },
      ...{ messages: [], params: {}, ceilingWei: 1n, feeWei: 1n, salt: hash('5'), attributionStatus: 'done' },
      ...{ heartbeatAt: now, createdAt: now },
    });
    const signed = { body: {}, hash: hash('1'), signature: '0x', feeWei: 1n, rewardPeriodId: id, createdAt: now };
    await db
      .insert(receipts)
      .values({ id: `rcp_${answer}`, inferenceId: `inf_${answer}`, modelId: 'mdl_1', ...signed });
  }
  const line = { periodId: id, modelId: 'mdl_1', receiptId: null, account: wallet(1), role: 'common' as const };
  await db.insert(rewardLines).values({ ...line, amountWei: BigInt(answers) });
  await db.insert(rewardLeaves).values({ periodId: id, account: wallet(1), cumulativeWei: BigInt(answers) });
  await db.insert(rewardRowPools).values({ periodId: id, modelId: 'mdl_1', rowCount: 1, amountWei: BigInt(answers) });
  const challenge = { id: `ch_${number}`, receiptId: `rcp_a${number}`, challenger: wallet(7), createdAt: now };
  await db.insert(receiptChallenges).values({ ...challenge, status: 'upheld' });
  return period!;
}
const left = async (periodId: string) => {
  const { db } = database;
  return [
    ...(await db.select().from(rewardLines).where(eq(rewardLines.periodId, periodId))),
    ...(await db.select().from(rewardLeaves).where(eq(rewardLeaves.periodId, periodId))),
    ...(await db.select().from(rewardRowPools).where(eq(rewardRowPools.periodId, periodId))),
  ];
};

describe('holdChallenged', () => {
  it('takes the whole booking back, so that it can be made again without the wrong receipt', async () => {
    const period = await bookedPeriod(1, 2);
    expect(await left('rp_1')).toHaveLength(3);
    expect(await holdChallenged(deps(), period)).toMatchObject({ status: 'closed', receiptCount: 1, grossWei: 1n });
    expect(await left('rp_1')).toEqual([]);
    const kept = await database.db.select().from(receipts).where(eq(receipts.rewardPeriodId, 'rp_1'));
    expect(kept.map(({ id }) => id)).toEqual(['rcp_b1']);
  });

  it('leaves no period of which nothing is left', async () => {
    const period = await bookedPeriod(2, 1);
    expect(await holdChallenged(deps(), period)).toBeNull();
    expect(await left('rp_2')).toEqual([]);
    expect(await database.db.select().from(rewardPeriods).where(eq(rewardPeriods.id, 'rp_2'))).toEqual([]);
  });
});
