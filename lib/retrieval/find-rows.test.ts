import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { datanets, examples, versionExamples } from '#db/schema/datanets.ts';
import { adapterCopies } from '#db/schema/models.ts';
import { addressOf, insertLiveModel } from '#lib/serving/test-support/serving-fixture.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findRows } from './find-rows.ts';
import { listPassages } from './queries.ts';

const model = { adapterId: 'ad_1', versionId: 'dv_1', datanetId: 'dn_1' };
const texts = [
  'The harbour log is kept for ninety one days in the tower.',
  'The captain signs the harbour log with green ink.',
  'The lamp stands in the north house.',
  'The rope is made of hemp and tar.',
  'The well is deep, and the water of the well is cold.',
  'The ferry crosses at noon.',
  'The baker opens at dawn.',
];
let database: TestDatabase;
const find = async (question: string, limit = 4) =>
  (await findRows(database.db, model, question, limit)).map(({ id }) => id);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { db } = database;
  await db.execute(sql`truncate datanets, chain_events cascade`);
  await insertLiveModel(db);
  await db.execute(sql`delete from version_examples; delete from examples`);
  for (const [i, text] of texts.entries()) await insertRow(`ex_${i}`, text, i);
  await db.execute(sql`update datanet_versions set row_count = ${texts.length}`);
});

async function insertRow(id: string, text: string, leafIndex: number | null): Promise<void> {
  const row = { id, datanetId: 'dn_1', contributionId: 'ctr_1', contributor: addressOf(2), data: { prompt: text } };
  const contentHash = `0x${Buffer.from(id).toString('hex').padStart(64, '0')}`;
  await database.db.insert(examples).values({ ...row, contentHash, status: 'accepted', createdAt: new Date(0) });
  if (leafIndex !== null)
    await database.db.insert(versionExamples).values({ versionId: 'dv_1', leafIndex, exampleId: id });
}

describe('findRows', () => {
  it('finds the rows that have the rarest words of the question, the best one first', async () => {
    expect(await find('Who signs the harbour log?')).toEqual(['ex_1', 'ex_0']);
    expect(await find('HEMP')).toEqual(['ex_3']);
    expect(await find('the harbour', 1)).toHaveLength(1);
  });

  it('finds nothing for words that no row has, or that most have', async () => {
    expect(await find('zebra quagga')).toEqual([]);
    expect(await find('the')).toEqual([]);
    expect(await find('')).toEqual([]);
    expect(await find('?! — …')).toEqual([]);
  });

  it('does not fill up with rows that say little of the question', async () => {
    expect(await find('the tar, the hemp and the rope of the ferry')).toEqual(['ex_3']);
    expect(await find('the ferry')).toEqual(['ex_5']);
  });

  it('counts a word once a row: stuffing one with it does not put it first', async () => {
    await insertRow('ex_s', 'ferry ferry ferry ferry ferry ferry goes there', texts.length);
    const found = await find('ferry noon');
    expect(found).toEqual(['ex_5', 'ex_s']);
  });

  it('reads no copy, no withdrawn or replaced row, and none that the version does not have', async () => {
    await database.db
      .insert(adapterCopies)
      .values({ adapterId: 'ad_1', exampleId: 'ex_0', copyOf: 'ex_1', kind: 'near' });
    expect(await find('harbour log')).toEqual(['ex_1']);
    await database.db.update(examples).set({ status: 'withdrawn' }).where(eq(examples.id, 'ex_1'));
    expect(await find('harbour log')).toEqual([]);
    await insertRow('ex_new', 'the harbour log of another year', null);
    expect(await find('harbour log')).toEqual([]);
  });

  it('takes words as words, whatever they spell', async () => {
    await insertRow('ex_q', "it's a:b path\\to 'quoted' & | ! <-> (x) http://a.example/b?c=d", texts.length);
    for (const question of [
      "it's",
      "'quoted' & !",
      'a:* | <-> (',
      "\\' or 1=1",
      'http://a.example/b?c=d',
      "a.example/it's?x='y'\\z",
    ]) {
      await expect(find(question), question).resolves.toBeDefined();
    }
    expect(await find('what is quoted?', 1)).toEqual(['ex_q']);
    expect(await find('http://a.example/b?c=d')).toEqual(['ex_q']);
  });

  it('looks up no word that thousands of rows have, but rows that have several of those at once', async () => {
    const { db } = database;
    await db.execute(sql`insert into examples (id, datanet_id, contribution_id, contributor, data, content_hash, status, created_at)
      select 'ex_m' || n, 'dn_1', 'ctr_1', '0x2', jsonb_build_object('prompt', concat_ws(' ', 'number',
        case when n % 4 = 0 then 'even' end, case when n % 5 = 0 then 'round' end, 'n' || n)), 'm' || n, 'accepted', now()
      from generate_series(1, 12000) n`);
    await db.execute(sql`insert into version_examples select 'dv_1', 100 + row_number() over (), id from examples
      where id like 'ex_m%'`);
    await db.execute(sql`update datanet_versions set row_count = 12007`);
    await db.execute(sql`analyze examples`);
    expect(await find('even number')).toEqual([]);
    const both = await find('what number, I wonder, be even, round?');
    expect(both).toHaveLength(4);
    expect(both.every((id) => Number(id.slice(4)) % 20 === 0)).toBe(true);
    expect(await find('even number n4321', 1)).toEqual(['ex_m4321']);
  });
});

describe('listPassages', () => {
  it('gives what was read of each row, in the order of the prompt, also of one that was withdrawn since', async () => {
    await database.db.update(datanets).set({ fields: [{ name: 'prompt', label: 'p', maxChars: 100 }] });
    await database.db.update(examples).set({ status: 'withdrawn' }).where(eq(examples.id, 'ex_2'));
    const read = [
      { exampleId: 'ex_5', chars: 9 },
      { exampleId: 'ex_2', chars: 1000 },
    ];
    expect(await listPassages(database.db, read, 'whole')).toEqual(['The ferry', texts[2]]);
    await expect(listPassages(database.db, [{ exampleId: 'ex_none', chars: 1 }], 'whole')).rejects.toThrow('ex_none');
  });
});
