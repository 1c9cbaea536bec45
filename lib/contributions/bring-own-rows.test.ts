import { afterAll, beforeAll, expect, it } from 'vitest';
import { examples } from '#db/schema/datanets.ts';
import { setAccessTier } from '#lib/access/set-access-tier.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { bringOwnRows } from './bring-own-rows.ts';
import { bringOwnRowsSchema } from './schema.ts';

const actor = (n: number): Actor => ({ kind: 'account', address: `0x${n.toString(16).padStart(40, '0')}` });
let database: TestDatabase;
let datanetId = '';
const deps = () => ({
  db: database.db,
  now: () => new Date('2026-01-01T00:00:00Z'),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

beforeAll(async () => {
  database = await createTestDatabase();
  const terms = { slug: 'own-rows', title: 'Own rows', domain: 'law', language: 'en', summary: 'A Datanet for tests.' };
  const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 100 }));
  const more = { description: 'Rows of one’s own.', rubric: ['True.'], license: 'CC0-1.0' as const };
  datanetId = (await createDatanet(deps(), actor(1), { ...terms, ...more, fields })).id;
});
afterAll(() => database.close());

const row = (line: number, completion = `answer number ${line}`) => ({
  line,
  data: { prompt: `question number ${line}?`, completion },
});
const bring = (who = actor(1), rows = [row(1), row(2), row(3, '')], idempotencyKey = 'first file') =>
  bringOwnRows(deps(), who, bringOwnRowsSchema.parse({ datanetId, source: 'mine.csv', idempotencyKey, rows }));

it('is refused where others rely on a review, and to everybody but the owner', async () => {
  await expect(bring()).rejects.toMatchObject({ code: 'own_rows_refused' });
  await setAccessTier(deps(), actor(1), { datanetId, tier: 'gated' });
  await expect(bring(actor(2))).rejects.toMatchObject({ code: 'datanet_forbidden' });
  expect(await database.db.$count(examples)).toBe(0);
});

it('accepts the owner’s rows with nobody named as reviewer, once', async () => {
  const first = await bring();
  expect(first).toMatchObject({ storedRows: 2, acceptedRows: 2 });
  expect(first.verdicts.map(({ kind }) => kind)).toEqual(['new', 'new', 'invalid']);
  expect(await bring()).toMatchObject({ storedRows: 0, acceptedRows: 0 });
  expect(await bring(actor(1), [row(1), row(4)], 'second file')).toMatchObject({ storedRows: 1, acceptedRows: 1 });
  const stored = await database.db.select().from(examples);
  expect(stored.map(({ status, reviewedBy }) => [status, reviewedBy])).toEqual(Array(3).fill(['accepted', null]));
});
