import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { completeInference } from '../complete-inference.ts';
import { findServableModel } from '../queries.ts';
import { reserveInference } from '../reserve-inference.ts';
import { addressOf, insertLiveModel, payer, servingDeps } from '../test-support/serving-fixture.ts';
import type { Caller, ReservedInference } from '../types.ts';
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
  expect(table[0]).toMatch(/^time,answer,receipt,model,key,/);
  expect(table.at(-1)).toContain(`one-model,"'=HYPERLINK(""http://evil.example"")",3,2,stop,0`);
});
