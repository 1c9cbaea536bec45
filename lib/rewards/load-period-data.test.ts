import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferences, receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listPeriodModels, listReceiptPages } from './load-period-data.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const hash = (digit: string) => `0x${digit.repeat(64)}` as const;
const now = new Date(Date.UTC(2030, 0, 1));
const split = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
let database: TestDatabase;

const role = (n: number, sharePpm: number) => ({ role: 'collect', account: wallet(n), sharePpm });
const rows = [
  { exampleId: 'ex_0', roles: [role(1, 190_000), { ...role(3, 10_000), role: 'review' }] },
  { exampleId: 'ex_1', roles: [role(1, 50_000)] },
];
const share = (n: number, sharePpm: number) => ({ account: wallet(n), sharePpm, sigmas: 5_000 });
/** Signed bodies, as far as they decide about money; by the receipt's last letter. */
const attributions = {
  a: { shares: [{ contributor: wallet(1), sharePpm: 1_000_000 }] }, // version 1
  b: { shares: [share(1, 240_000), share(3, 10_000)], commonPpm: 750_000, explainedPpm: 250_000, rows },
  c: { shares: [], commonPpm: 1_000_000, explainedPpm: 0, rows: [] },
  d: {
    ...{ shares: [share(1, 240_000), share(2, 400_000), share(3, 10_000)], commonPpm: 350_000, explainedPpm: 250_000 },
    ...{ rows, retrieval: { sharePpm: 400_000 } },
  },
  e: { shares: [share(2, 400_000)], commonPpm: 600_000, explainedPpm: 0, rows: [], retrieval: { sharePpm: 400_000 } },
};

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const people = { owner: wallet(9), curator: wallet(9), contributors: [wallet(1)] };
  await seedModel({ database, deps: { now: () => now } }, { ...people, split, inputWei: 1n, outputWei: 1n });
  await db.insert(rewardPeriods).values({
    ...{ id: 'rp_1', number: 1, status: 'closed', receiptCount: 5, grossWei: 5n, protocolFeeWei: 0n, netWei: 0n },
    ...{ totalWei: 0n, root: hash('0'), receiptsRoot: hash('0'), dataKey: '', closedAt: now },
  });
  for (const [letter, attribution] of Object.entries(attributions)) {
    await db.insert(inferences).values({
      ...{ id: `inf_${letter}`, modelId: 'mdl_1', callerKey: 'k', idempotencyKey: letter, status: 'completed' },
      ...{ messages: [], params: {}, ceilingWei: 1n, feeWei: 1n, salt: hash('5'), attributionStatus: 'done' },
      ...{ heartbeatAt: now, createdAt: now },
    });
    await db.insert(receipts).values({
      ...{ id: `rcp_${letter}`, inferenceId: `inf_${letter}`, modelId: 'mdl_1', body: { split, attribution } },
      ...{ hash: hash('1'), signature: '0x', feeWei: 1n, rewardPeriodId: 'rp_1', createdAt: now },
    });
  }
});
afterAll(() => database.close());

describe('listReceiptPages', () => {
  it('takes shares and what is left to the pool from the signed bodies, of either version', async () => {
    const found = (await Array.fromAsync(listReceiptPages(database.db, 'rp_1'))).flat();
    expect(found.map(({ id, shares, commonPpm, poolBy }) => [id, shares, commonPpm, poolBy])).toEqual([
      ['rcp_a', [[wallet(1), 1_000_000]], 0, 'shares'],
      [
        'rcp_b',
        [
          [wallet(1), 240_000],
          [wallet(3), 10_000],
        ],
        750_000,
        'shares',
      ],
      ['rcp_c', [], 1_000_000, 'rows'],
      [
        'rcp_d',
        [
          [wallet(1), 240_000],
          [wallet(2), 400_000],
          [wallet(3), 10_000],
        ],
        350_000,
        // What is not explained is of training, so who is paid for rows that were only read has no part in it.
        [
          [wallet(1), 240_000],
          [wallet(3), 10_000],
        ],
      ],
      ['rcp_e', [[wallet(2), 400_000]], 600_000, 'rows'],
    ]);
    expect(found.every(({ modelId, modelOwner }) => modelId === 'mdl_1' && modelOwner === wallet(9))).toBe(true);
  });

  it('names the period’s models, and which of them may leave something to all rows', async () => {
    const models = await listPeriodModels(database.db, 'rp_1');
    expect(models).toMatchObject([{ id: 'mdl_1', versionId: 'dv_1', mayPool: true }]);
    expect(await listPeriodModels(database.db, 'rp_2')).toEqual([]);
  });
});
