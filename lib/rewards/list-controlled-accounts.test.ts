import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainEvents } from '#db/schema/settlement.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listControlledAccounts } from './list-controlled-accounts.ts';

const account = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const hash = `0x${'1'.repeat(64)}`;
let database: TestDatabase;

/** As the indexer writes them, one a block: `of` was redirected to `to`. */
beforeAll(async () => {
  database = await createTestDatabase();
  const changes = [
    [1, 9],
    [2, 9],
    [2, 8],
    [3, 8],
    [3, 9],
    [4, 0],
  ] as const;
  const rows = changes.map(([of, to], i) => ({
    ...{
      blockNumber: i,
      logIndex: 0,
      blockHash: hash,
      txHash: hash,
      contract: 'attributionLedger',
      name: 'RecipientSet',
    },
    ...{ subject: account(of), args: { account: account(of), recipient: account(to) } },
  }));
  await database.db.insert(chainEvents).values(rows);
});
afterAll(() => database.close());

describe('listControlledAccounts', () => {
  it('names who is paid there by the newest change only', async () => {
    expect(await listControlledAccounts(database.db, account(9).toUpperCase().replace('0X', '0x'))).toEqual([
      account(1),
      account(3),
    ]);
    expect(await listControlledAccounts(database.db, account(8))).toEqual([account(2)]);
    expect(await listControlledAccounts(database.db, account(7))).toEqual([]);
  });
});
