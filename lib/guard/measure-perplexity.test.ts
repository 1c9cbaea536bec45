import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { devnetActor } from '#db/seed/devnet-accounts.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { measureTexts } from '#lib/engine/train/measure-texts.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findPerplexityState } from './find-perplexity-state.ts';
import { listUnmeasured } from './list-unmeasured.ts';
import { measurePerplexity, type PerplexityEngine } from './measure-perplexity.ts';
import { judgePerplexity, perplexityBounds } from './perplexity-bounds.ts';

const [owner, author] = [devnetActor(1), devnetActor(2)];
let database: TestDatabase;
let clock = Date.UTC(2026, 0, 1);
const deps = () => ({
  db: database.db,
  now: () => {
    clock += 1000;
    return new Date(clock);
  },
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});
/** The real base model. */
const engine: PerplexityEngine = {
  baseModel: 'openledger-nano',
  measure: (rows) => measureTexts({ modelDir: 'models/openledger-nano', rows, maxTokens: 128, threads: 1 }),
};
const subjects = ['parcels', 'refunds', 'invoices', 'accounts', 'payments', 'letters', 'forms', 'offices'];
const acts = ['check the date', 'send a copy', 'call the office', 'sign the form'];
const honest = subjects.flatMap((subject, i) =>
  acts.map((act, k) => [
    `What should a customer do about ${subject} in case ${i}${k}?`,
    `The customer should ${act} within ${10 + i} days, and then wait for an answer about the ${subject} by mail.`,
  ]),
);
const odd = [
  [
    'What should a customer do about keys?',
    'The customer should ask at the desk, and then wait for an answer by mail.',
  ],
  ['xq vrtz plomb giwt?', 'zzkrt wpq vlodh nnxe qrrt bvuk zlpt okwq jrrx mmvh tqpl xxoz wert kkjh vbnq ploz.'],
];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const make = async (slug: string) =>
  (
    await createDatanet(deps(), owner, {
      ...{ slug, title: slug, domain: 'support', language: 'en', license: 'CC-BY-4.0' },
      ...{ summary: 'A Datanet for tests.', description: 'Rows and what is usual.', rubric: ['True.'] },
      fields: ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 400 })),
    })
  ).id;
const send = async (datanetId: string, rows: string[][], key: string) => {
  const { contributionId } = await submitContribution(deps(), author, {
    ...{ datanetId, source: 'form', idempotencyKey: key },
    rows: rows.map(([prompt, completion], i) => ({ line: i + 1, data: { prompt: prompt!, completion: completion! } })),
  });
  const stored = await database.db.select().from(examples).where(eq(examples.contributionId, contributionId));
  return stored.map(({ id }) => id).sort();
};
const cardsOf = async (datanetId: string) =>
  new Map(
    (await database.db.select().from(rowChecks).where(eq(rowChecks.datanetId, datanetId))).map((r) => [r.exampleId, r]),
  );

describe('rows under a base model', () => {
  it('are read once, and marked where they are unlike what the Datanet accepted', async () => {
    const datanetId = await make('usual');
    const early = await send(datanetId, honest, 'the honest rows');
    expect(await listUnmeasured(database.db)).toEqual([datanetId]);
    // Nothing is accepted yet: all is read, nothing is judged.
    expect(await measurePerplexity(deps(), engine, datanetId)).toEqual({ read: honest.length, marked: 0 });
    expect(await findPerplexityState(database.db, datanetId)).toEqual({ waiting: 32, read: 32, judged: 0, marked: 0 });
    for (const id of early) await reviewExamples(deps(), owner, { datanetId, exampleIds: [id], decision: 'accept' });
    const [fine, noise] = await send(datanetId, odd, 'the odd ones');
    const before = (await cardsOf(datanetId)).get(noise!)!;
    expect(await findPerplexityState(database.db, datanetId)).toMatchObject({ waiting: 2, read: 0 });
    expect(await measurePerplexity(deps(), engine, datanetId)).toEqual({ read: 2, marked: 1 });
    const after = await cardsOf(datanetId);
    expect(after.get(noise!)!.reasons.at(-1)).toMatchObject({ check: 'perplexity', points: 30 });
    expect(after.get(noise!)!.score).toBe(Math.max(0, before.score - 30));
    expect(after.get(fine!)!.reasons.filter(({ check }) => check === 'perplexity')).toEqual([]);
    expect(await listUnmeasured(database.db)).toEqual([]);
    expect(await measurePerplexity(deps(), engine, datanetId)).toEqual({ read: 0, marked: 0 });
    expect((await cardsOf(datanetId)).get(noise!)).toEqual(after.get(noise!));
  });

  it('are compared with others of the language in a young Datanet', async () => {
    const datanetId = await make('young');
    const [, noise] = await send(datanetId, odd, 'in a young Datanet');
    expect(await measurePerplexity(deps(), engine, datanetId)).toEqual({ read: 2, marked: 1 });
    expect((await cardsOf(datanetId)).get(noise!)!.reasons.at(-1)).toMatchObject({ check: 'perplexity' });
  });
});

describe('what is usual', () => {
  const losses = Array.from({ length: 40 }, (_, i) => 4 + (i % 10) / 10);
  it('is not moved by a few planted rows, and not narrowed by rows that are much alike', () => {
    const [bounds, planted] = [losses, [...losses, ...Array<number>(15).fill(9)]].map(
      (l) => perplexityBounds(l, 'own')!,
    );
    expect(judgePerplexity(9, planted!)).toBe('high');
    expect(judgePerplexity(1, bounds!)).toBe('low');
    expect(judgePerplexity(4.4, bounds!)).toBe('usual');
    expect(judgePerplexity(4.8, perplexityBounds(Array<number>(40).fill(4), 'own')!)).toBe('usual');
    expect(perplexityBounds(losses.slice(0, 29), 'own')).toBeNull();
  });
});
