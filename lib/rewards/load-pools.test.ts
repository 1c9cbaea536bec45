import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributions, examples, versionExamples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { adapterCopies } from '#db/schema/models.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { poolWeights, unitsOfEqualRow } from '#lib/kernel/pool-weights.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { loadPools } from './load-pools.ts';
import type { PeriodData } from './period-data.ts';
import { poolId } from './pool-id.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const now = new Date(Date.UTC(2030, 0, 1));
const storeDir = mkdtempSync(join(tmpdir(), 'openledger-pools-'));
const store = fileObjectStore(storeDir);
let database: TestDatabase;
let deps: { db: TestDatabase['db']; store: typeof store };

/** Six rows: two people's, of which ex_4 copies ex_0, and ex_5 cleans what a third person once sent. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  deps = { db, store };
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
afterAll(async () => {
  await database.close();
  rmSync(storeDir, { recursive: true, force: true });
});

const receiptOf = (pool: string | null) => ({ pool }) as PeriodData['receipts'][number];
const certificate = (standing: { exampleId: string; ppm: number }[] | null) =>
  putContent(store, new TextEncoder().encode(canonicalJson({ version: 'attribution-certificate/1', standing })));

describe('loadPools', () => {
  it('goes by equal share of the original rows, each row by its roles, where nothing is certified', async () => {
    const pools = await loadPools(deps, [receiptOf(poolId('mdl_1', null)), receiptOf(null)]);
    expect(Object.keys(pools)).toEqual(['mdl_1/rows']);
    const pool = pools['mdl_1/rows']!;
    expect(pool).toMatchObject({ modelId: 'mdl_1', adapterId: 'ad_1', certificateSha256: null });
    // Two rows each of 1 and 2 (the copy has no part), one of 4 on what 3 sent: collect 76, clean 20, review 4 + 4.
    expect(pool.weights).toEqual([
      [wallet(1), 1_900_000],
      [wallet(2), 1_900_000],
      [wallet(3), 760_000],
      [wallet(4), 200_000],
      [wallet(9), 4 * 50_000 + 40_000],
    ]);
    // Rows counted together have what each has for itself.
    const { db } = database;
    const found = await db.select({ id: versionExamples.exampleId }).from(versionExamples);
    const originals = found.map(({ id }) => id).filter((id) => id !== 'ex_4');
    const lineages = await findRoles(db, originals);
    const oneByOne = [...lineages.values()].map((lineage) => ({ units: unitsOfEqualRow, lineage }));
    expect(pool.weights).toEqual(poolWeights(oneByOne));
  });

  it('goes by the standing shares of the certificate that the receipt names', async () => {
    const { hash } = await certificate([
      { exampleId: 'ex_0', ppm: 250_000 },
      { exampleId: 'ex_5', ppm: 750_000 },
    ]);
    const id = poolId('mdl_1', hash);
    const pools = await loadPools(deps, [receiptOf(id), receiptOf(id)]);
    expect(pools).toEqual({
      [id]: {
        ...{ modelId: 'mdl_1', adapterId: 'ad_1', certificateSha256: hash },
        weights: [
          [wallet(1), 237_500_000],
          [wallet(3), 570_000_000],
          [wallet(4), 150_000_000],
          [wallet(9), 42_500_000],
        ],
      },
    });
  });

  it('goes by equal share of rows for a certificate that could not tell', async () => {
    const { hash } = await certificate(null);
    const id = poolId('mdl_1', hash);
    const pools = await loadPools(deps, [receiptOf(id), receiptOf(poolId('mdl_1', null))]);
    expect(pools[id]).toEqual(pools['mdl_1/rows']);
    expect(pools[id]!.certificateSha256).toBeNull();
  });

  it('pays nobody by another rule while the certificate cannot be read', async () => {
    const lost = receiptOf(poolId('mdl_1', `0x${'8'.repeat(64)}`));
    await expect(loadPools(deps, [lost])).rejects.toMatchObject({ code: 'object_not_found' });
  });
});
