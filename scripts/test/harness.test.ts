import { createPublicClient, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestChain, type TestChain } from './anvil.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

let database: TestDatabase;
let chain: TestChain;

beforeAll(async () => {
  [database, chain] = await Promise.all([createTestDatabase(), startTestChain({ windowSeconds: 33 })]);
});

afterAll(async () => {
  await Promise.all([database.close(), chain.stop()]);
});

describe('the test harness', () => {
  it('gives a migrated database that nobody else sees', async () => {
    const tables = await database.pool.query(`select 1 from information_schema.tables where table_schema = 'public'`);
    expect(tables.rowCount).toBeGreaterThan(5);
    const other = await createTestDatabase();
    await other.pool.query('create table only_here (n int)');
    await expect(database.pool.query('select * from only_here')).rejects.toThrow('does not exist');
    await other.close();
  });

  it('gives a chain with the contracts, deployed as asked', async () => {
    const reader = createPublicClient({ transport: http(chain.url) });
    expect(await reader.getCode({ address: chain.deployment.addresses.attributionLedger })).toMatch(/^0x60/);
    expect(chain.deployment.config.windowSeconds).toBe(33);
  });

  it('lets time pass', async () => {
    const reader = createPublicClient({ transport: http(chain.url) });
    const before = await reader.getBlock();
    await chain.passTime(1_000);
    const after = await reader.getBlock();
    expect(Number(after.timestamp - before.timestamp)).toBeGreaterThanOrEqual(1_000);
  });
});
