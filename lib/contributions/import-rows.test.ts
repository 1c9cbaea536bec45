import { keccak256, stringToBytes } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contributions, examples } from '#db/schema/datanets.ts';
import { handles } from '#db/schema/handles.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { canonicalHandle, handleAccount, isHandleAccount } from '#lib/kernel/handle-account.ts';
import { roleShares } from '#lib/kernel/role-shares.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findRoles } from './find-roles.ts';
import { importRows } from './import-rows.ts';
import { importRowsSchema } from './schema.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
let database: TestDatabase;
let datanetId = '';
const deps = () => ({
  db: database.db,
  now: () => new Date('2026-01-01T00:00:00Z'),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

beforeAll(async () => {
  database = await createTestDatabase();
  const terms = { slug: 'imported', title: 'Imported', domain: 'law', language: 'en', summary: 'A Datanet for tests.' };
  const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 100 }));
  const more = { description: 'Rows come from elsewhere.', rubric: ['True.'], license: 'CC0-1.0' as const };
  datanetId = (await createDatanet(deps(), actor(1), { ...terms, ...more, fields })).id;
});
afterAll(() => database.close());

const row = (line: number, authors: string[], completion = `answer ${line}`) => ({
  ...{ line, authors },
  data: { prompt: `question ${line}`, completion },
});
const bring = async (rows: ReturnType<typeof row>[], accept = true, who = actor(1)) =>
  importRows(deps(), who, importRowsSchema.parse({ datanetId, source: 'old.jsonl', accept, rows }));

it('stores rows under accounts and handles, once, and accepts all but the importer’s own', async () => {
  const rows = [
    row(1, ['github:Alice']),
    row(2, ['  GitHub: alice ', account(7), 'github:bob']),
    row(3, [account(1)]),
    row(4, ['github:bob'], ''),
    row(5, ['github:bob'], 'answer to desk@ledger.dev'),
    row(1, ['github:thief']),
  ];
  const first = await bring(rows);
  expect(first).toMatchObject({ storedRows: 3, acceptedRows: 2 });
  expect(first.verdicts.map(({ kind }) => kind)).toEqual(['new', 'new', 'new', 'invalid', 'held', 'duplicate-in-file']);
  expect(await bring(rows)).toMatchObject({ storedRows: 0, acceptedRows: 0 });

  const alice = handleAccount('github:alice');
  const stored = await database.db.select().from(examples).orderBy(examples.id);
  expect(stored.map(({ contributor, status, reviewedBy }) => [contributor, status, reviewedBy])).toEqual([
    [alice, 'accepted', account(1)],
    [alice, 'accepted', account(1)],
    [account(1), 'pending', null],
  ]);
  const named = await database.db.select().from(handles).orderBy(handles.handle);
  expect(named.map(({ handle, account: at }) => [handle, at])).toEqual(
    ['github:alice', 'github:bob'].map((handle) => [handle, handleAccount(handle)]),
  );
  const counts = await database.db.select().from(contributions).orderBy(contributions.rowCount);
  expect(counts.map(({ contributor, rowCount }) => [contributor, rowCount])).toEqual([
    [account(1), 1],
    [alice, 2],
  ]);
  // All authors of a row share what collecting it earns, equally.
  const lineage = (await findRoles(database.db, [stored[1]!.id])).get(stored[1]!.id)!;
  expect(roleShares(1_000_000, lineage)).toEqual([
    { role: 'collect', account: alice, sharePpm: 316_667 },
    { role: 'collect', account: account(7), sharePpm: 316_667 },
    { role: 'collect', account: handleAccount('github:bob'), sharePpm: 316_666 },
    { role: 'review', account: account(1), sharePpm: 50_000 },
  ]);
});

it('is for the owner and curators, and takes no author twice', async () => {
  await expect(bring([row(8, ['github:alice'])], true, actor(2))).rejects.toMatchObject({ code: 'datanet_forbidden' });
  await expect(bring([row(8, ['github:alice', 'GitHub:Alice'])])).rejects.toThrow('an author is named twice');
  await expect(bring([row(8, ['Alice'])])).rejects.toThrow('a name with the place where it is known');
  await expect(bring([row(8, [])])).rejects.toThrow('at least one author');
});

it('computes a handle’s account from its one spelling', () => {
  expect(canonicalHandle(' GitHub :  Ada   B ')).toBe('github:ada b');
  for (const no of ['ada', ':ada', 'github:', 'g:ada', 'github:a\u0000da']) expect(canonicalHandle(no)).toBeNull();
  const found = handleAccount('github:alice');
  expect(found).toBe(`0x68616e646c65${keccak256(stringToBytes('github:alice')).slice(-28)}`);
  expect([isHandleAccount(found), isHandleAccount(account(1))]).toEqual([true, false]);
});
