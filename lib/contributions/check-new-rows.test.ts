import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findNearDuplicates } from './find-near-examples.ts';
import { getExample } from './get-example.ts';
import { reviewExamples } from './review-examples.ts';
import { submitContribution } from './submit-contribution.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
const [owner, curator, author, other] = [1, 2, 3, 4].map(actor) as [Actor, Actor, Actor, Actor];
let database: TestDatabase;
let datanetId: string;
let seconds = 0;
const deps = () => ({
  db: database.db,
  now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, ++seconds)),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});
const say = (who: Actor, key: string, ...rows: [prompt: string, completion: string][]) =>
  submitContribution(deps(), who, {
    ...{ datanetId, source: 'rows.csv', idempotencyKey: `key-${key}-000` },
    rows: rows.map(([prompt, completion], i) => ({ line: i + 1, data: { prompt, completion } })),
  });
const first: [string, string] = [
  'How long does a customer have to return a damaged parcel?',
  'They have thirty days from delivery, and we pay for the way back when the damage was ours.',
];

beforeAll(async () => {
  database = await createTestDatabase();
  const fields = [
    { name: 'prompt', label: 'Question', maxChars: 200 },
    { name: 'completion', label: 'Answer', maxChars: 400 },
  ];
  const terms = { title: 'Support', domain: 'support', language: 'en', license: 'CC-BY-4.0' as const, fields };
  const text = { summary: 'A Datanet for tests.', description: 'Rows come and go.', rubric: ['True.'] };
  datanetId = (await createDatanet(deps(), owner, { slug: 'support', ...terms, ...text })).id;
  await setDatanetRole(deps(), owner, { datanetId, address: account(2), role: 'curator', granted: true });
});
afterAll(() => database.close());

describe('rows that come in', () => {
  it('are duplicates when no reader could tell them apart, and are held when they say almost the same', async () => {
    const [row] = (await say(author, 'first', first)).verdicts;
    expect(row).toMatchObject({ kind: 'new', card: { score: 100, held: false, reasons: [] } });
    expect(row).not.toHaveProperty('bands');
    const disguised = first.map((text) => text.toUpperCase().replaceAll('A', 'А').replaceAll(' ', ' \u200b')) as [
      string,
      string,
    ];
    const moved: [string, string] = [first[0], first[1].replace('from delivery', 'after delivery')];
    const fresh: [string, string] = [
      'Who decides about a refund above 500 euros?',
      'The head of the team, within one working day.',
    ];
    const { verdicts } = await say(other, 'copies', disguised, moved, fresh, [fresh[0].toUpperCase(), fresh[1]]);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['duplicate', 'new', 'new', 'duplicate-in-file']);
    expect(verdicts[1]).toMatchObject({ card: { held: true, reasons: [{ check: 'copy', points: 60 }] } });
    expect(verdicts[2]).toMatchObject({ card: { score: 100 } });
  });

  it('show older and newer rows that are like them', async () => {
    const rows = await database.db.select().from(rowChecks).where(eq(rowChecks.held, true));
    expect(rows[0]!.reasons[0]).not.toHaveProperty('exampleId'); // it waits: its author may not know which
    const near = await findNearDuplicates(database.db, { exampleId: rows[0]!.exampleId, decides: true });
    const [oldest] = await database.db.select({ id: examples.id }).from(examples).orderBy(examples.id);
    expect(near.map(({ exampleId }) => exampleId)).toEqual([oldest!.id]);
    expect(await findNearDuplicates(database.db, { exampleId: rows[0]!.exampleId, decides: false })).toEqual([]);
    expect(near[0]!.similarityPpm).toBeGreaterThan(800_000);
  });

  it('are accepted many at once only where the guard holds none', async () => {
    const all = await database.db.select().from(rowChecks).orderBy(rowChecks.exampleId);
    const ids = all.map(({ exampleId }) => exampleId);
    const held = all.filter((row) => row.held).map(({ exampleId }) => exampleId);
    const review = (exampleIds: string[]) =>
      reviewExamples(deps(), curator, { datanetId, exampleIds, decision: 'accept' });
    const many = await review(ids);
    expect(many.decided).toEqual(ids.filter((id) => !held.includes(id)));
    expect(many.skipped).toMatchObject([
      { exampleId: held[0], reason: expect.stringContaining('decide about it alone') },
    ]);
    expect((await review(held)).decided).toEqual(held);
    expect((await getExample(deps(), author, held[0]!)).status).toBe('accepted');
  });
});
