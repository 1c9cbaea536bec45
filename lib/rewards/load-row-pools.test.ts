import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributions, examples, versionExamples } from '#db/schema/datanets.ts';
import { exampleAuthors } from '#db/schema/handles.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { adapterCopies } from '#db/schema/models.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { poolWeights } from '#lib/kernel/pool-weights.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { loadRowPools } from './load-row-pools.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const now = new Date(Date.UTC(2030, 0, 1));
let database: TestDatabase;

/** Six rows: two people's, of which ex_4 copies ex_0, and ex_5 cleans what a third person once sent. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const split = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
  const contributors = [1, 1, 2, 2, 2, 4].map(wallet);
  const people = { owner: wallet(9), curator: wallet(9), contributors };
  await seedModel({ database, deps: { now: () => now } }, { ...people, split, inputWei: 1n, outputWei: 1n });
  await db.insert(adapterCopies).values({ adapterId: 'ad_1', exampleId: 'ex_4', copyOf: 'ex_0', kind: 'same' });
  const [row] = await db.select().from(examples).where(eq(examples.id, 'ex_0'));
  const { search: _, ...parent } = row!;
  const [contribution] = await db.select().from(contributions).where(eq(contributions.id, 'ctr_0'));
  await db.insert(contributions).values({ ...contribution!, id: 'ctr_p', contributor: wallet(3), idempotencyKey: 'p' });
  const own = { id: 'ex_p', contributionId: 'ctr_p', contributor: wallet(3), contentHash: `0x${'7'.repeat(64)}` };
  await db.insert(examples).values({ ...parent, ...own, status: 'superseded' });
  await db.insert(exampleDerivations).values({ exampleId: 'ex_5', parentId: 'ex_p', role: 'clean', note: 'spelling' });
});
afterAll(() => database.close());

describe('loadRowPools', () => {
  it('counts every original row the same, each by its roles, for models with an answer that has no source', async () => {
    const { db } = database;
    const pools = await loadRowPools(db, ['mdl_1']);
    // Two rows each of 1 and 2 (the copy has no part), one of 4 on what 3 sent: collect 76, clean 20, review 4 + 4.
    expect(pools).toEqual({
      mdl_1: {
        ...{ adapterId: 'ad_1', rows: 5 },
        weights: [
          [wallet(1), 1_900_000],
          [wallet(2), 1_900_000],
          [wallet(3), 760_000],
          [wallet(4), 200_000],
          [wallet(9), 4 * 50_000 + 40_000],
        ],
      },
    });
  });

  it('counts rows together as it would one by one, also where several people sent one', async () => {
    const { db } = database;
    await db.insert(exampleAuthors).values({ exampleId: 'ex_2', position: 1, account: wallet(7) });
    const found = await db.select({ id: versionExamples.exampleId }).from(versionExamples);
    const originals = found.map(({ id }) => id).filter((id) => id !== 'ex_4');
    const lineages = await findRoles(db, originals);
    const oneByOne = [...lineages.values()].map((lineage) => ({ rows: 1, lineage }));
    const pools = await loadRowPools(db, ['mdl_1']);
    expect(pools.mdl_1!.weights).toEqual(poolWeights(oneByOne));
    expect(pools.mdl_1!.weights).toContainEqual([wallet(7), 475_000]);
  });
});
