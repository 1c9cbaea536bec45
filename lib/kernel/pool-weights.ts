import { type LineageAct, roleShares } from './role-shares.ts';

/** A row's part in a common pool, in units of any size, with its people. `rows`: how many rows are alike. */
export type PooledRow = { units: number; lineage: readonly LineageAct[]; rows?: number };

/** What a row has in a pool that goes by equal share of rows. */
export const unitsOfEqualRow = 1_000_000;
/** Units of a ppm of standing, so that a row's small roles are not rounded away. */
export const unitsOfStandingPpm = 1_000;

/**
 * Weights of the accounts in a common pool: each row's units divided over its roles, summed by account, in the order of the
 * accounts. Linear in rows, so that wallets do not matter. Accounts without a unit are left out.
 */
export function poolWeights(pooled: Iterable<PooledRow>): [`0x${string}`, number][] {
  const sums = new Map<`0x${string}`, number>();
  for (const { units, lineage, rows = 1 } of pooled) {
    for (const { account, sharePpm } of roleShares(units, lineage)) {
      sums.set(account, (sums.get(account) ?? 0) + sharePpm * rows);
    }
  }
  return [...sums].filter(([, weight]) => weight > 0).sort(([a], [b]) => (a < b ? -1 : 1));
}
