import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainEvents, rewardPeriods } from '#db/schema/settlement.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listForeignEpochs } from './list-foreign-epochs.ts';

const hash = (n: number) => `0x${String(n).repeat(64)}`;
const now = new Date('2030-01-01T00:00:00Z');
const activeAt = now.getTime() / 1000 + 10;
let database: TestDatabase;

/** Three epochs as the indexer writes them, one a block; the first is a period of ours, the second was revoked. */
beforeAll(async () => {
  database = await createTestDatabase();
  const event = (blockNumber: number, name: string, id: number, more = {}) => ({
    ...{ blockNumber, logIndex: 0, blockHash: hash(0), txHash: hash(id), contract: 'attributionLedger', name },
    ...{ subject: hash(id), args: { id, ...more } },
  });
  const submitted = (id: number) =>
    event(id, 'EpochSubmitted', id, { earningsRoot: hash(id), receiptsRoot: hash(0), total: '5', activeAt });
  await database.db.insert(chainEvents).values([submitted(1), submitted(2), event(4, 'EpochRevoked', 2), submitted(3)]);
  await database.db.insert(rewardPeriods).values({
    ...{ id: 'rp_1', number: 1, status: 'submitted', receiptCount: 1, grossWei: 5n, protocolFeeWei: 0n, netWei: 5n },
    ...{ totalWei: 5n, root: hash(1), receiptsRoot: hash(0), dataKey: 'x', closedAt: now },
  });
});
afterAll(() => database.close());

describe('listForeignEpochs', () => {
  it('names what no period has, newest first, with the state that decides whether it can still be stopped', async () => {
    const found = await listForeignEpochs({ db: database.db, now: () => now });
    expect(found.map(({ id, state, totalWei }) => ({ id, state, totalWei }))).toEqual([
      { id: 3, state: 'pending', totalWei: 5n },
      { id: 2, state: 'revoked', totalWei: 5n },
    ]);
  });
});
