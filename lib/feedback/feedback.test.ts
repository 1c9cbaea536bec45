import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerFeedback } from '#db/schema/answers.ts';
import { contributions, datanets, examples } from '#db/schema/datanets.ts';
import { inferences } from '#db/schema/models.ts';
import { correctAnswer } from '#lib/contributions/correct-answer.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { rateAnswer } from './rate-answer.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const now = new Date(Date.UTC(2030, 0, 1));
const reader = { kind: 'account', address: wallet(5) } as const;
const asked = { receiptId: 'rcp_a', callerKey: wallet(5) };
const fields = ['question', 'answer'].map((name) => ({ name, label: name, maxChars: 500 }));
let database: TestDatabase;
let random = 0;
const deps = () => ({
  db: database.db,
  now: () => now,
  randomBytes: (size: number) => new Uint8Array(size).fill(++random),
});

beforeAll(async () => {
  database = await createTestDatabase();
  const split = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
  const people = { owner: wallet(9), curator: wallet(9), contributors: [1, 2].map(wallet) };
  await seedModel({ database, deps: { now: () => now } }, { ...people, split, inputWei: 1n, outputWei: 1n });
  await database.db.update(datanets).set({ fields });
  await database.db.insert(inferences).values({
    ...{ id: 'inf_a', modelId: 'mdl_1', callerKey: wallet(5), idempotencyKey: 'a', status: 'completed', params: {} },
    ...{ messages: [{ role: 'user', content: 'What is a lantern?' }], output: 'A fish.', promptIds: [1] },
    ...{ completionIds: [2], ceilingWei: 0n, feeWei: 0n, salt: `0x${'5'.repeat(64)}`, attributionStatus: 'done' },
    ...{ heartbeatAt: now, createdAt: now },
  });
});
afterAll(() => database.close());

const words = { question: 'What is a lantern?', answer: 'A case of glass that keeps a flame from the wind.' };
const correct = (key = 'correction-1', callerKey: string = wallet(5)) =>
  correctAnswer(deps(), reader, { ...words, receiptId: 'rcp_a', callerKey, idempotencyKey: key });

describe('opinions of an answer', () => {
  it('are kept for who asked, the last one counts, and say where a correction would become a row', async () => {
    const rate = (verdict: 'good' | 'bad', callerKey: string = wallet(5)) =>
      rateAnswer(deps(), reader, { receiptId: 'rcp_a', verdict, callerKey });
    await expect(rate('good', 'another')).rejects.toMatchObject({ code: 'receipt_not_found' });
    await rate('good');
    expect(await rate('bad')).toMatchObject({
      verdict: 'bad',
      place: { datanetSlug: 'settled', license: 'CC-BY-4.0' },
    });
    expect(await database.db.select().from(answerFeedback)).toMatchObject([{ inferenceId: 'inf_a', verdict: 'bad' }]);
  });

  it('become a pending row of the Datanet under the account of who asked, which names the receipt', async () => {
    await expect(correct('correction-0', 'another')).rejects.toMatchObject({ code: 'receipt_not_found' });
    await expect(
      correctAnswer(deps(), { kind: 'visitor' }, { ...words, ...asked, idempotencyKey: 'correction-0' }),
    ).rejects.toMatchObject({ code: 'not_signed_in' });
    const { contributionId, datanetSlug } = await correct();
    expect(datanetSlug).toBe('settled');
    expect(await correct()).toEqual({ contributionId, datanetSlug });
    const [contribution] = await database.db.select().from(contributions).where(eq(contributions.id, contributionId));
    expect(contribution).toMatchObject({ contributor: wallet(5), source: 'corrects rcp_a', rowCount: 1 });
    const rows = await database.db.select().from(examples).where(eq(examples.contributionId, contributionId));
    expect(rows).toMatchObject([{ status: 'pending', contributor: wallet(5), data: words }]);
    const [kept] = await database.db.select().from(answerFeedback);
    expect(kept).toMatchObject({ verdict: 'bad', contributionId });
  });

  it('are no row where rows are not a question and an answer', async () => {
    await database.db.update(datanets).set({ fields: fields.slice(0, 1) });
    await expect(correct('correction-2')).rejects.toMatchObject({ code: 'correction_refused' });
    expect((await rateAnswer(deps(), reader, { ...asked, verdict: 'good' })).place).toBeNull();
  });
});
