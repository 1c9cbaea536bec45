import type { Address } from 'viem';
import { type BuiltPeriod, buildPeriod } from './build-period.ts';
import type { PeriodInput, PeriodReceipt, ReceiptDatanet, Royalty, Weighted } from './period-receipt.ts';
import type { PeriodTerms, ReceiptEntry } from './period-schema.ts';
import type { PeriodFile } from './read-period.ts';

/** The period's arithmetic once more, from its file alone, with every line in memory. */
export function rebuildPeriod(file: PeriodFile): BuiltPeriod {
  return buildPeriod(periodInputOf(file));
}

/** A file as the arithmetic takes it: receipts are turned over one by one. */
export function periodInputOf({
  terms,
  receipts,
  previousLeaves,
}: Pick<PeriodFile, 'terms' | 'receipts' | 'previousLeaves'>): PeriodInput {
  const validators = new Map(Object.entries(terms.validators).map(([id, pairs]) => [id, toWeighted(pairs)]));
  return {
    netWei: BigInt(terms.netWei),
    protocolFeeWei: BigInt(terms.protocolFeeWei),
    appAccount: terms.appAccount,
    infraAccount: terms.infraAccount,
    previousLeaves: mapped(previousLeaves, ([account, wei]) => ({ account, cumulativeWei: BigInt(wei) })),
    previousFees: terms.previousFees.map(([datanet, wei]) => ({
      datanet: BigInt(datanet),
      cumulativeWei: BigInt(wei),
    })),
    rowPools: Object.entries(terms.rowPools).map(([modelId, pool]) => ({ modelId, weights: toWeighted(pool.weights) })),
    receipts: mapped(receipts, (entry) => toReceipt(entry, terms, validators)),
  };
}

function toReceipt(
  entry: ReceiptEntry,
  terms: PeriodTerms,
  validators: ReadonlyMap<string, Weighted[]>,
): PeriodReceipt {
  const model = terms.models[entry.modelId];
  return {
    id: entry.id,
    modelId: entry.modelId,
    hash: entry.hash,
    feeWei: BigInt(entry.feeWei),
    modelOwner: entry.modelOwner,
    app: entry.app ?? null,
    split: entry.split,
    shares: toWeighted(entry.shares),
    commonPpm: entry.commonPpm,
    poolBy: typeof entry.poolBy === 'string' ? entry.poolBy : toWeighted(entry.poolBy),
    validators: validators.get(entry.versionId) ?? [],
    royalties: toRoyalties(model?.payees ?? []),
    merged: (model?.merged ?? []).map(({ weightPpm, payees }) => ({
      ...{ weightPpm, royalties: toRoyalties(payees) },
    })),
    datanets: datanetsOf(entry.versionId, terms),
  };
}

/** The version's own, or those of a mix's parts. */
function datanetsOf(versionId: string, { mixes, datanets }: PeriodTerms): ReceiptDatanet[] {
  const parts: readonly (readonly [string, number])[] = mixes?.[versionId] ?? [[versionId, 1]];
  return parts.map(([id, weight]) => {
    const datanet = datanets[id];
    return { id: datanet ? BigInt(datanet.id) : null, stakers: datanet?.stakers ?? null, weight };
  });
}

function mapped<T, U>(items: Iterable<T>, map: (item: T) => U): Iterable<U> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) yield map(item);
    },
  };
}

const toRoyalties = (pairs: readonly [Address, number][]): Royalty[] =>
  pairs.map(([account, bps]) => ({ account, bps }));

const toWeighted = (pairs: readonly [Address, number][]): Weighted[] =>
  pairs.map(([account, weight]) => ({ account, weight }));
