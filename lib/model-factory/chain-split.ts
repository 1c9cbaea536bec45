import { BPS, splitByLargestRemainder } from '#lib/kernel/money.ts';
import { DataShareTooLowError } from './errors.ts';
import type { ChainSplit, RevenueSplit } from './types.ts';

const minDataBps = 2_000n; // ModelRegistry.MIN_DATA_BPS, of the price
const roles = ['data', 'model', 'app', 'infra', 'validators'] as const;

/**
 * A split of what is left after the protocol's fee (sums to 10,000) as ModelRegistry takes it: parts of the whole price that
 * sum to 10,000 less the fee, by largest remainder. Throws DataShareTooLowError when the contract would refuse it.
 */
export function toChainSplit(split: RevenueSplit, protocolFeeBps: number): ChainSplit {
  const net = BPS - BigInt(protocolFeeBps);
  const parts = splitByLargestRemainder(
    net,
    roles.map((role) => BigInt(split[role])),
  );
  if (parts[0]! < minDataBps) throw new DataShareTooLowError(minimumDataPercent(protocolFeeBps));
  const [data, model, app, infra, validators] = parts.map(Number) as [number, number, number, number, number];
  return { data, model, app, infra, validators };
}

/** The least share for data, in percent of what is left after the fee, rounded up to two decimals. */
export function minimumDataPercent(protocolFeeBps: number): string {
  const net = BPS - BigInt(protocolFeeBps);
  const bps = Number((minDataBps * BPS + net - 1n) / net);
  return (bps / 100).toFixed(2);
}
