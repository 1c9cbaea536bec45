import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterfactuals } from '#db/schema/answers.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { getCounterfactual } from './get-counterfactual.ts';
import { runCounterfactual } from './run-counterfactual.ts';
import { startCounterfactual } from './start-counterfactual.ts';
import type { LeftOut, WithoutEngine } from './types.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const now = new Date(Date.UTC(2030, 0, 1));
const visitor = { kind: 'visitor' } as const;
const nothing: LeftOut = { rows: [], contributors: [], all: false };
let database: TestDatabase;
let sent: string[] = [];
let random = 0;

const deps = () => ({
  db: database.db,
  now: () => now,
  randomBytes: (size: number) => new Uint8Array(size).fill(++random),
  log: { warn: () => {} } as never,
  queue: { send: async (_name: string, payload: unknown) => void sent.push((payload as { id: string }).id) },
});

/** Rows ex_0 (of 1) and ex_1 (of 2) stand out; the prompt held ex_1 and ex_2 (of 3). Nats x 2^32. */
beforeAll(async () => {
  database = await createTestDatabase();
  const split = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
  const people = { owner: wallet(9), curator: wallet(9), contributors: [1, 2, 3].map(wallet) };
  await seedModel({ database, deps: { now: () => now } }, { ...people, split, inputWei: 1n, outputWei: 1n });
  await database.db.update(datanets).set({ fields: [{ name: 'question', label: 'Question', maxChars: 100 }] });
  await database.db.update(examples).set({ data: { question: 'words of a row' } });
  await database.db.insert(inferences).values({
    ...{ id: 'inf_a', modelId: 'mdl_1', callerKey: 'me', idempotencyKey: 'a', status: 'completed' },
    ...{ messages: [{ role: 'user', content: 'why?' }], params: { maxTokens: 7 }, output: 'so', promptIds: [1] },
    ...{ completionIds: [2, 3], ceilingWei: 0n, feeWei: 0n, salt: `0x${'5'.repeat(64)}`, attributionStatus: 'done' },
    retrieved: ['ex_1', 'ex_2'].map((exampleId) => ({ exampleId, chars: 5 })),
    ...{ heartbeatAt: now, createdAt: now },
  });
  const row = (i: number, score: bigint) => ({
    ...{ exampleId: `ex_${i}`, score: String(score), sharePpm: 0 },
    roles: [{ role: 'collect', account: wallet(i + 1), sharePpm: 0 }],
  });
  const body = {
    version: 2,
    attribution: { rows: [row(0, 3n << 31n), row(1, 1n << 32n)], retrieval: { rows: [row(1, 0n), row(2, 0n)] } },
  };
  await database.db.insert(receipts).values({
    ...{ id: 'rcp_a', inferenceId: 'inf_a', modelId: 'mdl_1', body, hash: `0x${'a'.repeat(64)}`, signature: '0x' },
    ...{ feeWei: 0n, createdAt: now },
  });
});
afterAll(() => database.close());

type Asked = Parameters<WithoutEngine['answer']>[0];

/** What the engine would be asked, with ex_0 and ex_1 among the trained rows. */
function engine(limit: string | null = null) {
  const asked: Asked[] = [];
  const trainedBy = new Map([
    ['ex_0', wallet(1)],
    ['ex_1', wallet(2)],
  ]);
  const given: WithoutEngine = {
    plan: async (_, { rows, contributors }) => ({
      trained: [...trainedBy].flatMap(([id, who]) => (rows.includes(id) || contributors.includes(who) ? [id] : [])),
      limit,
    }),
    answer: async (input) => {
      asked.push(input);
      return { before: 'so', after: 'no', beforeMicroNats: -1, afterMicroNats: -9, rowsLeftOut: 1 };
    },
  };
  return { given, asked };
}

const start = (leftOut: Partial<LeftOut>, callerKey = 'me') =>
  startCounterfactual(deps(), visitor, { receiptId: 'rcp_a', callerKey, leftOut: { ...nothing, ...leftOut } });

async function run(leftOut: Partial<LeftOut>, limit: string | null = null) {
  const { given, asked } = engine(limit);
  const { id } = await start(leftOut);
  await runCounterfactual(deps(), given, { id, signal: new AbortController().signal });
  const found = await getCounterfactual(deps(), visitor, { receiptId: 'rcp_a', callerKey: 'me', id });
  return { ...found, asked: asked[0] };
}

describe('counterfactuals', () => {
  it('are for who asked, and one for the same sources', async () => {
    await expect(start({ rows: ['ex_0'] }, 'another')).rejects.toMatchObject({ code: 'receipt_not_found' });
    sent = [];
    const first = await start({ rows: ['ex_9'] });
    expect(first).toMatchObject({ status: 'queued', result: null });
    expect(await start({ rows: ['ex_9'] })).toEqual(first);
    expect(sent).toEqual([first.id]);
    const asked = { receiptId: 'rcp_a', callerKey: 'another', id: first.id };
    await expect(getCounterfactual(deps(), visitor, asked)).rejects.toMatchObject({ code: 'receipt_not_found' });
  });

  it('train again without rows that were trained on, beside what influence had foretold', async () => {
    const { result, asked } = await run({ contributors: [wallet(1)] });
    expect(asked).toMatchObject({ weights: { leftOut: ['ex_0'] }, maxTokens: 7, completionIds: [2, 3] });
    expect(asked!.without).toEqual(asked!.asked);
    expect(result).toMatchObject({ method: 'retrained', rowsNotRead: 0, estimatedMicroNats: -1_500_000, limit: null });
  });

  it('keep a row from the prompt as well, where the estimate of its training says nothing', async () => {
    const { result, asked } = await run({ rows: ['ex_1'] });
    expect(asked!.asked[0]!.content).toBe('Notes:\n\nwords\n\nwords');
    expect(asked!.without[0]!.content).toBe('Notes:\n\nwords');
    expect(result).toMatchObject({ method: 'retrained', rowsNotRead: 1, estimatedMicroNats: null });
  });

  it('only keep rows from the prompt where training again is not possible, and say so', async () => {
    const { result, asked } = await run({ rows: ['ex_1', 'ex_2'] }, 'too long');
    expect(asked!.weights).toBe('adapter');
    expect(asked!.without).toEqual([{ role: 'user', content: 'why?' }]);
    expect(result).toMatchObject({ method: 'not-read', rowsNotRead: 2, limit: 'too long' });
  });

  it('ask the bare base without any row', async () => {
    const { result, asked } = await run({ all: true });
    expect(asked!.weights).toBe('base');
    expect(result).toMatchObject({ method: 'base', rowsNotRead: 2 });
  });

  it('say why there is none, and may be asked for again', async () => {
    const failed = await run({ rows: ['ex_0'] }, 'too long');
    expect(failed).toMatchObject({ status: 'failed', error: 'too long', result: null });
    expect(await start({ rows: ['ex_0'] })).toMatchObject({ id: failed.id, status: 'queued', error: null });
    expect((await run({ rows: ['ex_0'] })).result?.method).toBe('retrained');
    const [stored] = await database.db.select().from(counterfactuals).where(eq(counterfactuals.id, failed.id));
    expect(stored!.status).toBe('done');
  });
});
