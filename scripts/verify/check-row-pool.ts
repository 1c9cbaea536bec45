import { poolWeights, unitsOfRow } from '#lib/kernel/pool-weights.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';
import type { VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';

type RowPool = { rows: number; weights: readonly (readonly [string, number])[] };

/**
 * A pool that goes by equal share of the version's original rows, against the version's file: it is as heavy as its rows, and
 * nobody has more in it than all rows of the version would give. In a mix a row counts as often as a pass reads it, in tenths. Which rows are originals takes the engine's rule for copies
 * (first-commit/1) over all rows, which `npm run reproduce` runs. Null: nothing contradicts.
 */
export function checkRowPool({ rows, weights }: RowPool, version: VersionLineage): string | null {
  const people = [...version.people.values()];
  const most = people.reduce((sum, { weight = 1 }) => sum + weight, 0);
  if (rows > most) return `${rows} rows, and the version has ${most}`;
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  if (sum !== rows * unitsOfRow) return `weights sum to ${sum}, not to ${rows} rows`;
  const all = new Map<string, number>(
    poolWeights(
      people.map(({ contributor, acts, weight = 1 }) => ({ rows: weight, lineage: acts ?? [by(contributor)] })),
    ),
  );
  const tooMuch = weights.find(([account, weight]) => weight > (all.get(account) ?? 0));
  return tooMuch ? `${tooMuch[0]} has ${tooMuch[1]}, and all its rows give ${all.get(tooMuch[0]) ?? 0}` : null;
}

const by = (account: `0x${string}`): LineageAct => ({ role: 'collect', account });
