import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelPasses } from '#db/schema/model-passes.ts';
import { models, trainingRuns } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import type { TaskBody } from '#lib/kernel/task/task-schema.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { completeInference } from '../complete-inference.ts';
import { findServableModel } from '../queries.ts';
import { reserveInference } from '../reserve-inference.ts';
import { addressOf, insertLiveModel, payer, servingDeps } from '../test-support/serving-fixture.ts';
import type { Caller, ReservedInference } from '../types.ts';
import { getSpending } from './get-spending.ts';
import { getUsage } from './get-usage.ts';
import { usageFrom } from './schema.ts';
import { usageCsv } from './usage-csv.ts';

let database: TestDatabase;
let deps: ReturnType<typeof servingDeps>;
const account = { kind: 'account', address: payer } as const;

beforeAll(async () => {
  database = await createTestDatabase();
  deps = servingDeps(database.db);
  await insertLiveModel(database.db);
});
afterAll(() => database.close());

let asked = 0;
async function answer(caller: Caller, completionIds: number[]): Promise<void> {
  const model = (await findServableModel(database.db, 'one-model'))!;
  const request = { model, messages: [{ role: 'user' as const, content: 'hi' }], promptIds: [1, 2, 3], maxTokens: 5 };
  const input = { ...request, params: {}, idempotencyKey: `u${asked++}` };
  const reserved = (await reserveInference(deps, caller, input)) as ReservedInference;
  const finishReason = 'stop' as const;
  await completeInference(deps, reserved, { output: 'x', finishReason, promptIds: [1, 2, 3], completionIds });
}

it('sums an account\u2019s answers by key and day, and writes them as CSV without formulas; others see none of it', async () => {
  const input = { name: '=HYPERLINK("http://evil.example")', budgetWei: 1n };
  const { apiKey } = await createApiKey(deps, account, input);
  await answer({ kind: 'free', callerKey: payer, apiKeyId: apiKey.id }, [4, 5]);
  deps.clock.ms += 86_400_000;
  await answer({ kind: 'free', callerKey: payer }, [4, 5, 6]);
  await answer({ kind: 'exact', callerKey: 'x402', payer, amountWei: 10_000n }, [4]);
  await answer({ kind: 'free', callerKey: 'visitor:somebody' }, [4]);

  const from = usageFrom(deps.now(), 2);
  const { total, lines, days } = await getUsage(deps, account, { from });
  expect(total).toEqual({ answers: 3, promptTokens: 9, completionTokens: 6, feeWei: 130n });
  expect(lines.map(({ key, answers }) => [key, answers])).toEqual([
    [null, 2],
    [input.name, 1],
  ]);
  expect(days.map(({ answers }) => answers)).toEqual([2, 1]);
  expect((await getUsage(deps, account, { from: usageFrom(deps.now(), 1) })).total.answers).toBe(2);
  expect((await getUsage(deps, { kind: 'account', address: addressOf(9) }, { from })).total.answers).toBe(0);

  const pieces: Uint8Array[] = [];
  for await (const piece of usageCsv(deps, account, { from })) pieces.push(piece);
  const table = Buffer.concat(pieces).toString().trim().split('\r\n');
  expect(table).toHaveLength(4);
  expect(table[0]).toMatch(/^time,kind,id,receipt,model,key,/);
  expect(table.at(-1)).toContain(`one-model,"'=HYPERLINK(""http://evil.example"")",3,2,stop,0`);
});

it('adds everything up by key: a training, a task that is worked on, a pass, and what was free', async () => {
  const from = usageFrom(deps.now(), 3);
  const before = await getSpending(deps, account, { from });
  const { apiKey } = await createApiKey(deps, account, { name: 'all', budgetWei: 1_000n });
  await answer({ kind: 'free', callerKey: payer, apiKeyId: apiKey.id }, [4]);
  const [run] = await database.db.select().from(trainingRuns);
  const [model] = await database.db.select().from(models);
  const [createdAt, settledAt] = [deps.now(), deps.now()];
  const bill = {
    runId: run!.id,
    payer,
    apiKeyId: apiKey.id,
    weiPerThousandTokens: 1n,
    expectedTokens: 9,
    freeTokens: 0,
  };
  const settled = { status: 'settled' as const, outcome: 'stopped' as const, tokens: 7, ceilingWei: 9n, feeWei: 7n };
  await database.db.insert(trainingBills).values([
    { id: 'tb_1', ...bill, ...settled, createdAt, settledAt },
    { id: 'tb_2', ...bill, status: 'held', ceilingWei: 50n, feeWei: 0n, createdAt }, // not charged yet, and may never be
  ]);
  const body = { name: '=App()', priceWei: '11' } as TaskBody;
  const hash = `0x${'1'.repeat(64)}`;
  const opened = { app: addressOf(7), asker: payer, body, hash, signature: '0x', openedAt: createdAt };
  await database.db.insert(tasks).values([
    { id: 'task_1', ...opened, status: 'accepted', apiKeyId: apiKey.id, heldWei: 11n },
    { id: 'task_2', ...opened, status: 'open', heldWei: 0n },
  ]);
  const pass = { id: 'mp_1', familyId: model!.id, holder: payer, source: 'bought' as const, until: createdAt };
  await database.db.insert(modelPasses).values({ ...pass, priceWei: 13n, apiKeyId: apiKey.id, createdAt });

  const { totalWei, keys } = await getSpending(deps, account, { from });
  expect(totalWei - before.totalWei).toBe(7n + 11n + 13n);
  expect(keys.find(({ keyId }) => keyId === apiKey.id)).toMatchObject({
    feeWei: 31n,
    kinds: { answer: { count: 1, feeWei: 0n }, training: { feeWei: 7n }, task: { feeWei: 11n }, pass: { feeWei: 13n } },
  });
  expect((await getSpending(deps, { kind: 'account', address: addressOf(9) }, { from })).keys).toEqual([]);
  const lines = Buffer.concat(await Array.fromAsync(usageCsv(deps, account, { from })))
    .toString()
    .split('\r\n');
  const ofKey = lines.filter((line) => line.includes(',all,'));
  expect(ofKey.reduce((sum, line) => sum + Number(line.split(',').at(-1)), 0)).toBe(31);
  expect(ofKey.find((line) => line.includes(',task,'))).toContain("task_1,,'=App(),all,,,held,11");
});
