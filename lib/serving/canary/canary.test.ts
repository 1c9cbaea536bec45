import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { modelChoices, modelVersions } from '#db/schema/model-versions.ts';
import { inferences, models } from '#db/schema/models.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findServableModel } from '../queries.ts';
import { addressOf, insertEvent, insertLiveModel, servingDeps } from '../test-support/serving-fixture.ts';
import { listCanaries } from './list-canaries.ts';
import { picksCanary } from './picks-canary.ts';
import { routeToCanary } from './route-to-canary.ts';
import { setCanary } from './set-canary.ts';
import { stopFailingCanaries } from './stop-failing-canaries.ts';

let database: TestDatabase;
let deps: ReturnType<typeof servingDeps>;
const owner = { kind: 'account', address: addressOf(3) } as const;
const keys = Array.from({ length: 2_000 }, (_, i) => `key-${i}`);

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(sql`truncate datanets, chain_events, inferences, model_routes cascade`);
  deps = servingDeps(database.db);
  await insertLiveModel(database.db);
  const [first] = await database.db.select().from(models);
  const versionHash = `0x${'7'.repeat(64)}` as const;
  await database.db.insert(models).values({ ...first!, id: 'mdl_2', slug: 'next-model', name: 'Next', versionHash });
  await insertEvent(database.db, 9, 'modelRegistry', 'VersionPublished', versionHash, {});
});

const set = (percent: number, canary = 'next-model') => {
  deps.clock.ms += 1;
  return setCanary(deps, owner, { model: 'one-model', canary, percent });
};
async function answeredBy(): Promise<Record<string, number>> {
  const model = (await findServableModel(database.db, 'one-model'))!;
  const slugs = await Promise.all(
    keys.slice(0, 60).map(async (key) => (await routeToCanary(database.db, model, key)).slug),
  );
  return Object.fromEntries(Object.entries(Object.groupBy(slugs, (slug) => slug)).map(([k, v]) => [k, v!.length]));
}

it('picks the part that was asked for, alike for one key, and more of the same when the part grows', () => {
  expect(keys.filter((key) => picksCanary('mdl_1', key, 0))).toEqual([]);
  expect(keys.filter((key) => picksCanary('mdl_1', key, 100))).toEqual(keys);
  const tenth = keys.filter((key) => picksCanary('mdl_1', key, 10));
  expect(tenth.length).toBeGreaterThan(150);
  expect(tenth.length).toBeLessThan(250);
  const half = new Set(keys.filter((key) => picksCanary('mdl_1', key, 50)));
  expect(tenth.every((key) => half.has(key))).toBe(true);
});

it('lets another of the owner’s models answer a part, then all, then none', async () => {
  expect(await answeredBy()).toEqual({ 'one-model': 60 });
  await set(50);
  const half = await answeredBy();
  expect(Object.keys(half).sort()).toEqual(['next-model', 'one-model']);
  await set(100);
  expect(await answeredBy()).toEqual({ 'next-model': 60 });
  await set(0);
  expect(await answeredBy()).toEqual({ 'one-model': 60 });
  expect(await listCanaries(database.db)).toMatchObject([
    { percent: 0, percentBefore: 100, model: { slug: 'one-model', done: 0 }, canary: { slug: 'next-model' } },
  ]);
});

it('stands in for a name, whichever version answers for it, and for no version that is named', async () => {
  const { db } = database;
  await set(100);
  const [first] = await db.select().from(models).where(eq(models.id, 'mdl_1'));
  const versionHash = `0x${'8'.repeat(64)}` as const;
  await db.insert(models).values({ ...first!, id: 'mdl_3', slug: 'one-model@2', versionHash });
  await db.insert(modelVersions).values([
    { modelId: 'mdl_1', familyId: 'mdl_1', number: 1 },
    { modelId: 'mdl_3', familyId: 'mdl_1', number: 2 },
  ]);
  await db
    .insert(modelChoices)
    .values({ id: 'mch_1', familyId: 'mdl_1', modelId: 'mdl_3', setBy: owner.address, setAt: deps.now() });
  await insertEvent(db, 10, 'modelRegistry', 'VersionPublished', versionHash, {});
  expect((await findServableModel(db, 'one-model'))!.id).toBe('mdl_3');
  expect(await answeredBy()).toEqual({ 'next-model': 60 });
  expect((await findServableModel(db, 'one-model@2'))!.canary).toBeNull();
  await expect(set(100, 'one-model@2')).rejects.toMatchObject({ code: 'canary_unfit' }); // it answers anyway
});

it('is the owner’s alone, and never dearer, of another owner or base, or of itself', async () => {
  const stranger = { kind: 'account', address: addressOf(4) } as const;
  const input = { model: 'one-model', canary: 'next-model', percent: 10 };
  await expect(setCanary(deps, stranger, input)).rejects.toMatchObject({ code: 'canary_forbidden' });
  await expect(setCanary(deps, { kind: 'visitor' }, input)).rejects.toMatchObject({ code: 'not_signed_in' });
  await expect(set(10, 'one-model')).rejects.toMatchObject({ code: 'canary_unfit' });
  await expect(set(10, 'none')).rejects.toMatchObject({ code: 'model_not_found' });
  await set(100);
  // What has become unfit since answers nothing, and the way back stays open.
  await database.db.update(models).set({ outputWeiPerToken: 101n }).where(eq(models.id, 'mdl_2'));
  expect(await answeredBy()).toEqual({ 'one-model': 60 });
  await expect(set(10)).rejects.toMatchObject({ code: 'canary_unfit' });
  await set(0);
});

it('takes a canary back that fails much more often, says why, and counts no answer that a payer spoilt', async () => {
  let count = 0;
  const answer = (
    modelId: string,
    status: 'completed' | 'failed',
    more: Partial<typeof inferences.$inferInsert> = {},
  ) => ({
    ...{
      id: `inf_${++count}`,
      modelId,
      status,
      idempotencyKey: `${count}`,
      callerKey: 'somebody',
      messages: [],
      params: {},
    },
    ...{
      ceilingWei: 0n,
      feeWei: 0n,
      salt: `0x${'0'.repeat(64)}` as const,
      error: status === 'failed' ? 'Error: no' : null,
    },
    ...{ attributionStatus: 'none' as const, heartbeatAt: deps.now(), createdAt: deps.now(), ...more },
  });
  const insert = (many: number, ...what: Parameters<typeof answer>) =>
    database.db.insert(inferences).values(Array.from({ length: many }, () => answer(...what)));
  await insert(9, 'mdl_2', 'failed'); // before it was set
  await set(20);
  deps.clock.ms += 1;
  await insert(20, 'mdl_1', 'completed');
  await insert(9, 'mdl_2', 'failed', { error: 'not paid' });
  await insert(9, 'mdl_2', 'failed', { payer: addressOf(9) });
  expect(await stopFailingCanaries(deps)).toEqual([]);
  await insert(5, 'mdl_2', 'failed');
  const reason = '5 of 5 answers failed, and 0 of 20 of the model that it stood in for.';
  expect(await stopFailingCanaries(deps)).toEqual([{ modelId: 'mdl_1', canaryId: 'mdl_2', percent: 20, reason }]);
  expect(await stopFailingCanaries(deps)).toEqual([]);
  expect(await answeredBy()).toEqual({ 'one-model': 60 });
  expect(await listCanaries(database.db)).toMatchObject([{ percent: 0, percentBefore: 20, stoppedWhy: reason }]);
});
