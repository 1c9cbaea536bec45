import { type LineageAct, roleShares } from './role-shares.ts';

/** Rows that are alike: the people of one, and how many there are. */
export type PooledRows = { lineage: readonly LineageAct[]; rows: number };

/** What one row has in a pool that goes by equal share of rows; so many that its small roles are not rounded away. */
export const unitsOfRow = 1_000_000;

/**
 * Weights of the accounts in a common pool that goes by equal share of rows: each row's units divided over its roles, summed
 * by account, in the order of the accounts. Linear in rows, so that wallets do not matter. Accounts without a unit are left out.
 */
export function poolWeights(pooled: Iterable<PooledRows>): [`0x${string}`, number][] {
  const sums = new Map<`0x${string}`, number>();
  for (const { lineage, rows } of pooled) {
    for (const { account, sharePpm } of roleShares(unitsOfRow, lineage)) {
      sums.set(account, (sums.get(account) ?? 0) + sharePpm * rows);
    }
  }
  return [...sums].filter(([, weight]) => weight > 0).sort(([a], [b]) => (a < b ? -1 : 1));
}
