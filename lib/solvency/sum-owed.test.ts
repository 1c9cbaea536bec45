import { zeroAddress } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allAbis } from '#contracts-abi/all-abis.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { sumOwed } from './sum-owed.ts';
import { tokenFlows } from './token-flows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const word = (n: number) => `0x${String(n).padStart(64, '0')}`;
let logIndex = 0;
const event = (contract: string, name: string, args: Record<string, string>, blockNumber = 1) => {
  logIndex += 1;
  const place = { blockNumber, logIndex, blockHash: word(1), txHash: word(2) };
  return database.db.insert(chainEvents).values({ ...place, contract, name, subject: '', args });
};

it('adds what entered, takes what left, by the kinds of rule', async () => {
  await event('stakePools', 'Staked', { amount: '1000000000000000000000000001' });
  await event('stakePools', 'Slashed', { taken: '30', bps: '10' });
  await event('stakePools', 'Unbonding', { amount: '500' }); // stays here until it is withdrawn
  await event('validatorSet', 'TaskRequested', {
    fee: '7',
    'validators.0': 'a',
    'validators.1': 'b',
    'validators.2': 'c',
  });
  await event('validatorSet', 'VerdictRevealed', { fee: '7' });
  await event('governanceOpen', 'Transfer', { from: zeroAddress, to: word(3), value: '50' });
  await event('governanceOpen', 'Transfer', { from: word(3), to: word(4), value: '20' });
  await event('governanceOpen', 'Transfer', { from: word(4), to: zeroAddress, value: '5' });
  await event('attributionLedger', 'BondSlashed', { amount: '100', reward: '50' });
  await event('stakePools', 'Staked', { amount: '9' }, 2);
  expect(await sumOwed(database.db, 1)).toEqual(
    new Map([
      ['stakePools', 10n ** 27n - 29n],
      ['validatorSet', 14n],
      ['governanceOpen', 45n],
      ['attributionLedger', -50n],
    ]),
  );
  expect((await sumOwed(database.db, 2)).get('stakePools')).toBe(10n ** 27n - 20n);
});

it('names events and arguments that the contracts have', () => {
  const wrong = tokenFlows.filter(({ contract, event, amount, only, forEach }) => {
    const abi = (
      allAbis as Partial<
        Record<string, readonly { type: string; name?: string; inputs?: readonly { name?: string }[] }[]>
      >
    )[contract];
    const inputs = abi?.find((item) => item.type === 'event' && item.name === event)?.inputs?.map(({ name }) => name);
    return abi && ![amount, only?.[0] ?? amount, forEach ?? amount].every((arg) => inputs?.includes(arg));
  });
  expect(wrong).toEqual([]);
});
