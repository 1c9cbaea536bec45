import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listExamples } from '#lib/contributions/list-examples.ts';
import { listExamplesSchema } from '#lib/contributions/schema.ts';
import { getDatanet } from '#lib/datanets/get-datanet.ts';
import { listDatanets } from '#lib/datanets/list-datanets.ts';
import { listVersions } from '#lib/datanets/list-versions.ts';
import { listDatanetsSchema } from '#lib/datanets/schema.ts';
import { readVersionRows, versionTree } from '#lib/datanets/version-rows.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import type { Env } from '#lib/platform/env.ts';
import { indexToHead } from '#lib/platform/indexer/index-step.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { readSampleDatanets } from './sample-datanets.ts';
import { seedSamples } from './seed-samples.ts';

let database: TestDatabase;
let chain: TestChain;
let folder: string;
let deps: Parameters<typeof seedSamples>[0];
const steps: string[] = [];
const seed = () => seedSamples(deps, { onStep: (text) => steps.push(text) });

beforeAll(async () => {
  [database, chain] = await Promise.all([createTestDatabase(), startTestChain()]);
  folder = mkdtempSync(join(tmpdir(), 'openledger-seed-'));
  deps = {
    db: database.db,
    env: { CHAIN_ID: chain.chainId, RPC_URL: chain.url } as Env,
    store: fileObjectStore(folder),
    chain: createPublicClient({ chain: devnet, transport: http(chain.url), pollingInterval: 50, cacheTime: 0 }),
    deployment: chain.deployment,
    now: () => new Date(),
    randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
  };
});
afterAll(async () => {
  await Promise.all([database.close(), chain.stop()]);
  rmSync(folder, { recursive: true });
});

describe('the sample data', () => {
  const samples = readSampleDatanets();

  it('goes in through the use cases and onto the chain', async () => {
    const result = await seed();
    expect(result.changed).toBe(samples.length);
    await indexToHead(deps);
    for (const sample of samples) {
      const datanet = await getDatanet(database.db, sample.slug);
      const people = new Set(sample.rows.map((row) => row.account)).size;
      expect(datanet).toMatchObject({ rowCount: sample.rows.length, pendingCount: 0, contributorCount: people });
      expect(datanet.latestVersion).toMatchObject({ number: 1, anchored: true });
    }
  });

  it('has versions whose rows give the anchored root, in the order of the ids', async () => {
    const { id } = await getDatanet(database.db, 'threat-intelligence');
    const [version] = await listVersions(database.db, id);
    const rows = await readVersionRows(deps.store, version!.objectKey);
    expect(versionTree(rows).root).toBe(version!.root);
    expect(rows.map((row) => row.id)).toEqual(rows.map((row) => row.id).sort());
    const page = await listExamples(
      { db: database.db, now: () => new Date() },
      { kind: 'visitor' },
      id,
      listExamplesSchema.parse({ limit: 100 }),
    );
    expect(page.items.map((row) => row.id)).toEqual(rows.slice(0, 100).map((row) => row.id));
  });

  it('is quick and changes nothing the second time', async () => {
    steps.length = 0;
    const started = performance.now();
    expect(await seed()).toMatchObject({ datanets: samples.length, changed: 0 });
    expect(performance.now() - started).toBeLessThan(200);
    expect(steps).toEqual([]);
  });

  it('sends nothing twice when the index of events is behind the chain', async () => {
    const before = await deps.chain.getBlockNumber();
    await database.pool.query('delete from chain_events');
    await seed();
    expect(await deps.chain.getBlockNumber()).toBe(before);
    const { items } = await listDatanets(database.db, listDatanetsSchema.parse({}));
    expect(items).toHaveLength(samples.length);
  });

  it('gives the same ids, roots and objects on another installation', async () => {
    const other = await createTestDatabase();
    try {
      await seedSamples({ ...deps, db: other.db }, { onStep: () => {} });
      const fingerprint = async (db: typeof other.db) => {
        const { items } = await listDatanets(db, listDatanetsSchema.parse({ sort: 'title' }));
        const versions = await Promise.all(items.map((item) => listVersions(db, item.id)));
        return versions.flat().map(({ id, root, objectKey, createdAt }) => ({ id, root, objectKey, createdAt }));
      };
      expect(await fingerprint(other.db)).toEqual(await fingerprint(database.db));
    } finally {
      await other.close();
    }
  });
});
