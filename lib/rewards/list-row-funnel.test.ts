import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { adapterCopies, attributionParts, attributionRows, inferences, receipts } from '#db/schema/models.ts';
import { rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listRowFunnel } from './list-row-funnel.ts';

const ann = `0x${'a'.repeat(40)}` as const;
const bob = `0x${'b'.repeat(40)}` as const;
const hash = `0x${'1'.repeat(64)}`;
const now = new Date(Date.UTC(2030, 0, 1));
let database: TestDatabase;

/** Six rows of ann (ex_0 … ex_5) and one of bob in a trained version; answers credit ex_0, ex_1 and bob's; one is settled. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const split = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
  const people = { owner: bob, curator: bob, contributors: [ann, ann, ann, ann, ann, ann, bob] };
  await seedModel({ database, deps: { now: () => now } }, { ...people, split, inputWei: 1n, outputWei: 1n });
  await db.insert(adapterCopies).values({ adapterId: 'ad_1', exampleId: 'ex_3', copyOf: 'ex_0', kind: 'same' });
  await db.delete(versionExamples).where(eq(versionExamples.exampleId, 'ex_5'));
  await db.update(examples).set({ status: 'rejected' }).where(eq(examples.id, 'ex_5'));
  await db.update(examples).set({ status: 'withdrawn' }).where(eq(examples.id, 'ex_0'));
  const period = { id: 'rp_1', number: 1, status: 'closed', receiptCount: 1, root: hash, receiptsRoot: hash } as const;
  const sums = { grossWei: 10n, protocolFeeWei: 0n, netWei: 10n, totalWei: 10n };
  await db.insert(rewardPeriods).values({ ...period, ...sums, dataKey: 'd', closedAt: now });
  for (const [n, exampleId] of ['ex_0', 'ex_1'].entries()) {
    const inferenceId = `inf_${n}`;
    await db.insert(inferences).values({
      ...{ id: inferenceId, modelId: 'mdl_1', idempotencyKey: `k${n}`, callerKey: 'c', status: 'completed' },
      ...{
        messages: [],
        params: {},
        ceilingWei: 10n,
        feeWei: 10n,
        salt: hash,
        createdAt: now,
        attributionStatus: 'done',
        heartbeatAt: now,
      },
    });
    const receipt = { id: `rcp_${n}`, inferenceId, modelId: 'mdl_1', body: {}, hash, signature: '0x', feeWei: 10n };
    await db.insert(receipts).values({ ...receipt, createdAt: now });
    const share = { inferenceId, exampleId, sharePpm: 1_000_000 };
    await db.insert(attributionRows).values({ ...share, contributor: ann, score: 1n });
    await db.insert(attributionParts).values({ ...share, account: ann, role: 'collect' });
  }
  const line = { periodId: 'rp_1', modelId: 'mdl_1', account: ann, role: 'data', amountWei: 10n } as const;
  await db.insert(rewardLines).values({ ...line, receiptId: 'rcp_0' });
});
afterAll(() => database.close());

describe('listRowFunnel', () => {
  it('counts each row at its furthest stage and at all before it', async () => {
    const { counts } = await listRowFunnel(database.db, ann);
    // ex_0 paid (though withdrawn since), ex_1 credited only, ex_3 a copy and so not trained on, ex_5 sent; bob's is not hers.
    expect(counts).toEqual({ sent: 6, accepted: 5, trained: 4, influential: 2, paid: 1 });
  });
  it('says where each of the newest rows stands', async () => {
    const { rows } = await listRowFunnel(database.db, ann, 10);
    const stages = Object.fromEntries(rows.map((row) => [row.exampleId, row.stage]));
    expect(stages).toEqual({
      ex_0: 'paid',
      ex_1: 'influential',
      ex_2: 'trained',
      ex_3: 'accepted',
      ex_4: 'trained',
      ex_5: 'sent',
    });
    expect((await listRowFunnel(database.db, ann, 2)).rows).toHaveLength(2);
  });
  it('knows nothing of an account that sent nothing', async () => {
    const none = { sent: 0, accepted: 0, trained: 0, influential: 0, paid: 0 };
    expect(await listRowFunnel(database.db, `0x${'c'.repeat(40)}`)).toEqual({ counts: none, rows: [] });
  });
});
