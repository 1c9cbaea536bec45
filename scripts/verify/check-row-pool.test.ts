import { expect, it } from 'vitest';
import { poolWeights } from '#lib/kernel/pool-weights.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';
import type { VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import { checkRowPool } from './check-row-pool.ts';

const [anna, ben, curator] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
const row = (contributor: `0x${string}`): [LineageAct, LineageAct] => [
  { role: 'collect', account: contributor },
  { role: 'review', account: curator },
];
const rows = [anna, anna, ben];
const version: VersionLineage = {
  root: '0x',
  people: new Map(rows.map((contributor, i) => [`ex_${i}`, { contributor, acts: row(contributor), data: {} }])),
};
const poolOf = (people: readonly `0x${string}`[]) => ({
  rows: people.length,
  weights: poolWeights(people.map((contributor) => ({ rows: 1, lineage: row(contributor) }))),
});

it('takes a pool of all rows, and of all but copies, and no other', () => {
  expect(checkRowPool(poolOf(rows), version)).toBeNull();
  expect(checkRowPool(poolOf([anna, ben]), version)).toBeNull();
  expect(checkRowPool(poolOf([ben, ben]), version)).toContain(`${ben} has`);
  expect(checkRowPool(poolOf([...rows, ben]), version)).toContain('4 rows, and the version has 3');
  expect(checkRowPool({ ...poolOf(rows), rows: 2 }, version)).toContain('not to 2 rows');
});
