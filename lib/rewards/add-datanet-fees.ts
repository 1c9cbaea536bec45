import type { DatanetFee } from '#lib/kernel/datanet-fee-leaf.ts';
import { splitByLargestRemainder } from '#lib/kernel/money.ts';

/**
 * What each Datanet's answers have paid in protocol fees after a period that took `feeWei`: divided over the period's Datanets by
 * what their receipts were charged (`chargedWei`, key null for receipts whose Datanet is not on chain) by largest remainder, in the
 * order of their numbers, null last. What null got counts for nobody. Never less than before; the additions never exceed `feeWei`.
 */
export function addDatanetFees(
  before: readonly DatanetFee[],
  chargedWei: ReadonlyMap<bigint | null, bigint>,
  feeWei: bigint,
): DatanetFee[] {
  const charged = [...chargedWei].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  const parts = splitByLargestRemainder(
    feeWei,
    charged.map(([, wei]) => wei),
  );
  const fees = new Map(before.map(({ datanet, cumulativeWei }) => [datanet, cumulativeWei]));
  charged.forEach(([datanet], i) => {
    if (datanet !== null) fees.set(datanet, (fees.get(datanet) ?? 0n) + parts[i]!);
  });
  return [...fees]
    .filter(([, wei]) => wei > 0n)
    .map(([datanet, cumulativeWei]) => ({ datanet, cumulativeWei }))
    .sort((a, b) => (a.datanet < b.datanet ? -1 : 1));
}
