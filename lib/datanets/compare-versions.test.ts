import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contributions, datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { exampleDerivations, type ImprovementRole } from '#db/schema/lineage.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { compareVersions } from './compare-versions.ts';

const [at, who] = [new Date(), `0x${'1'.repeat(40)}`];
const textOf = (id: string) => ({ prompt: `question ${id}`, completion: `answer ${id}` });
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await db.insert(datanets).values({
    ...{ id: 'dn_1', slug: 'law-answers', owner: who, title: 'Law', domain: 'law', language: 'en', summary: 'Tests.' },
    ...{ description: 'Tests.', rubric: [], fields: [], license: 'CC0-1.0', metaHash: sha256('meta'), createdAt: at },
  });
  const contribution = { id: 'ctr_1', datanetId: 'dn_1', contributor: who, source: 'form', idempotencyKey: 'k' };
  await db.insert(contributions).values({ ...contribution, rowCount: 9, createdAt: at });
  await db.insert(examples).values(
    [...'abcdefghi'].map((id) => ({
      ...{ id, datanetId: 'dn_1', contributionId: 'ctr_1', contributor: who, contentHash: sha256(id), createdAt: at },
      ...{ data: textOf(id), status: 'accepted' as const },
    })),
  );
  const derive = (exampleId: string, parentId: string, role: ImprovementRole) => ({
    exampleId,
    parentId,
    role,
    note: 'x',
  });
  // e corrects b, f cleans c, g translates d; h is new; a left; i is in the second version and its own.
  await db
    .insert(exampleDerivations)
    .values([derive('e', 'b', 'label'), derive('f', 'c', 'clean'), derive('g', 'd', 'translate')]);
  for (const [number, rows] of [
    [1, 'abcd'],
    [2, 'defghi'],
  ] as const) {
    const version = { id: `dv_${number}`, datanetId: 'dn_1', number, root: sha256(rows), rowCount: rows.length };
    await db
      .insert(datanetVersions)
      .values({ ...version, contributorCount: 1, objectKey: 'x', frozenBy: who, createdAt: at });
    const leaves = [...rows].map((exampleId, leafIndex) => ({ versionId: version.id, leafIndex, exampleId }));
    await db.insert(versionExamples).values(leaves);
  }
});
afterAll(() => database.close());

const compare = (from: number, to: number, page = {}) =>
  compareVersions(
    { db: database.db, now: () => new Date() },
    { kind: 'visitor' },
    { slug: 'law-answers', from, to, limit: 100, ...page },
  );

it('names what is new, what left, and what took the place of what', async () => {
  const { counts, items } = await compare(1, 2);
  expect(items.map(({ exampleId, kind }) => `${kind} ${exampleId}`)).toEqual([
    ...['removed a', 'changed e', 'changed f', 'added g', 'added h', 'added i'],
  ]);
  expect(counts).toEqual({ added: 3, removed: 1, changed: 2 });
  expect(items[1]).toMatchObject({ data: textOf('e'), before: textOf('b') });
  expect(items[3]).toMatchObject({ data: textOf('g'), before: null });
});

it('reads backwards as going and coming, and a version against itself as nothing', async () => {
  const { counts } = await compare(2, 1);
  expect(counts).toEqual({ added: 3, removed: 5, changed: 0 });
  expect((await compare(2, 2)).items).toEqual([]);
});

it('pages without loss', async () => {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await compare(1, 2, { limit: 2, after });
    ids.push(...page.items.map(({ exampleId }) => exampleId));
    after = page.nextCursor ?? undefined;
  } while (after);
  expect(ids).toEqual([...'aefghi']);
});

it('shows no text that its author has withdrawn', async () => {
  await database.db.update(examples).set({ status: 'withdrawn', withdrawnAt: at }).where(eq(examples.id, 'b'));
  const { items } = await compare(1, 2);
  expect(items[1]).toMatchObject({ exampleId: 'e', before: null });
});
