import { eq, gt } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datanetAccess } from '#db/schema/access.ts';
import { contributions, datanets, datanetVersions, examples } from '#db/schema/datanets.ts';
import { modelPayers } from '#db/schema/model-payers.ts';
import { modelChoices, modelVersions } from '#db/schema/model-versions.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listPlaygroundModels } from '../playground-models.ts';
import { addressOf, insertEvent, insertLiveModel } from '../test-support/serving-fixture.ts';
import { rankModels } from './rank-models.ts';

let database: TestDatabase;
const hash = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const;

/** A second live model with a Datanet of its own, made after the first one's lines. */
async function addModel(n: number, slug: string, texts: string[]) {
  const { db } = database;
  const at = new Date(1_000 * n);
  const [datanet] = await db.select().from(datanets);
  await db
    .insert(datanets)
    .values({ ...datanet!, id: `dn_${n}`, slug, title: `Datanet of ${slug}`, metaHash: hash(900 + n) });
  const [contribution] = await db.select().from(contributions);
  await db
    .insert(contributions)
    .values({ ...contribution!, id: `ctr_${n}`, datanetId: `dn_${n}`, idempotencyKey: `k${n}` });
  for (const [i, prompt] of texts.entries()) {
    const row = { id: `ex_${n}${i}`, datanetId: `dn_${n}`, contributionId: `ctr_${n}`, contributor: addressOf(20 + n) };
    await db
      .insert(examples)
      .values({ ...row, data: { prompt }, contentHash: hash(100 * n + i), status: 'accepted', createdAt: at });
  }
  const [version] = await db.select().from(datanetVersions);
  await db.insert(datanetVersions).values({ ...version!, id: `dv_${n}`, datanetId: `dn_${n}`, root: hash(700 + n) });
  const [run] = await db.select().from(trainingRuns);
  await db.insert(trainingRuns).values({ ...run!, id: `run_${n}`, versionId: `dv_${n}`, idempotencyKey: `k${n}` });
  const [adapter] = await db.select().from(adapters);
  await db.insert(adapters).values({ ...adapter!, id: `ad_${n}`, runId: `run_${n}` });
  const [model] = await db.select().from(models);
  const own = {
    id: `mdl_${n}`,
    slug,
    name: slug,
    adapterId: `ad_${n}`,
    versionId: `dv_${n}`,
    versionHash: hash(800 + n),
  };
  await db.insert(models).values({ ...model!, ...own });
  await insertEvent(db, 50 + n, 'modelRegistry', 'VersionPublished', hash(800 + n), {});
}

beforeAll(async () => {
  database = await createTestDatabase();
  await insertLiveModel(database.db);
  await addModel(2, 'law', ['what is a lease contract', 'the contract of a tenant', 'what is a court']);
  await addModel(3, 'ships', ['what is a keel', 'the contract of a sailor']);
});
afterAll(() => database.close());

it('puts the model first whose Datanet speaks of it, and says by which words', async () => {
  const [best, second] = await rankModels(database.db, 'What is the contract of a tenant?');
  expect(best).toMatchObject({ slug: 'law', datanet: 'Datanet of law', part: 1 });
  expect(
    best!.words
      .slice(0, 2)
      .map(({ word }) => word)
      .sort(),
  ).toEqual(['contract', 'tenant']);
  expect(best!.words.find(({ word }) => word === 'contract')).toEqual({ word: 'contract', rows: 2 });
  expect(second!.slug).toBe('ships');
  expect(second!.part).toBeLessThan(1);
  expect((await rankModels(database.db, 'keel'))[0]).toMatchObject({
    slug: 'ships',
    words: [{ word: 'keel', rows: 1 }],
  });
});

it('says nothing where no Datanet has a telling word, and looks into no private one', async () => {
  expect(await rankModels(database.db, 'quantum entanglement')).toEqual([]);
  expect(await rankModels(database.db, '')).toEqual([]);
  const access = { datanetId: 'dn_3', tier: 'gated' as const, setBy: addressOf(1), setAt: new Date(0) };
  await database.db.insert(datanetAccess).values(access);
  expect(await rankModels(database.db, 'keel')).toEqual([]);
  await database.db.delete(datanetAccess).where(eq(datanetAccess.datanetId, 'dn_3'));
});

it('lists what answers for a name, and first what most accounts paid for within a month', async () => {
  const { db } = database;
  const slugs = async () => (await listPlaygroundModels(db)).map(({ slug }) => slug);
  const [first] = await db.select().from(models).where(eq(models.id, 'mdl_1'));
  const paid = (familyId: string, payer: string, lastPaidAt = new Date()) => ({ familyId, payer, lastPaidAt });
  const tooOld = new Date(Date.now() - 31 * 86_400_000);
  await db.insert(modelPayers).values([paid('mdl_1', first!.owner), paid('mdl_1', addressOf(7), tooOld)]);
  await db.insert(modelPayers).values([paid('mdl_1', addressOf(8), tooOld), paid('mdl_2', addressOf(8))]);
  await db.insert(modelPayers).values([paid('mdl_3', addressOf(8)), paid('mdl_3', addressOf(9))]);
  expect(await slugs()).toEqual(['ships', 'law', 'one-model']);

  const [law] = await db.select().from(models).where(eq(models.id, 'mdl_2'));
  await db
    .insert(trainingRuns)
    .values({ ...(await db.select().from(trainingRuns))[0]!, id: 'run_5', idempotencyKey: 'k5' });
  await db.insert(adapters).values({ ...(await db.select().from(adapters))[0]!, id: 'ad_5', runId: 'run_5' });
  const second = { id: 'mdl_5', slug: 'law@2', name: 'Law, better', adapterId: 'ad_5', versionHash: hash(850) };
  await db.insert(models).values({ ...law!, ...second });
  await db
    .insert(modelVersions)
    .values(['mdl_2', 'mdl_5'].map((modelId, i) => ({ modelId, familyId: 'mdl_2', number: i + 1 })));
  const choice = { familyId: 'mdl_2', setBy: law!.owner, setAt: new Date() };
  await db.insert(modelChoices).values({ id: 'mch_1', modelId: 'mdl_5', ...choice });
  expect((await listPlaygroundModels(db))[1]).toMatchObject({ slug: 'law', name: 'law' }); // not on chain yet
  await insertEvent(db, 49, 'modelRegistry', 'VersionPublished', hash(850), {});
  expect((await listPlaygroundModels(db))[1]).toMatchObject({ slug: 'law', name: 'Law, better' });
  expect(await slugs()).toHaveLength(3);
  expect((await rankModels(db, 'tenant'))[0]).toMatchObject({ slug: 'law', name: 'Law, better' });
  await db.delete(chainEvents).where(eq(chainEvents.subject, hash(850)));
});

it('finds nothing telling in a word that all rows have, where there is one Datanet', async () => {
  await database.db.delete(chainEvents).where(gt(chainEvents.blockNumber, 50));
  expect(await rankModels(database.db, 'Which row?')).toEqual([]);
  await database.db
    .update(examples)
    .set({ data: { prompt: 'row of a lighthouse' } })
    .where(eq(examples.id, 'ex_1'));
  const words = [{ word: 'lighthouse', rows: 1 }];
  expect(await rankModels(database.db, 'Which row has a lighthouse?')).toMatchObject([{ slug: 'one-model', words }]);
});
