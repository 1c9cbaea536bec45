import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { type BuiltPeriod, buildPeriod, type PeriodInput, type Weighted } from './build-period.ts';

const address = z.string().regex(/^0x[0-9a-f]{40}$/) as unknown as z.ZodType<Address>;
const hash = z.string().regex(/^0x[0-9a-f]{64}$/) as unknown as z.ZodType<Hex>;
const wei = z.string().regex(/^\d{1,78}$/);
const weighted = z.array(z.tuple([address, z.number().int().nonnegative()]));
const bps = z.number().int().min(0).max(10_000);

const receipt1 = z.object({
  id: z.string(),
  hash,
  feeWei: wei,
  channelId: hash.nullable(),
  versionId: z.string(),
  modelOwner: address,
  split: z.object({ data: bps, model: bps, app: bps, infra: bps, validators: bps }),
  shares: weighted,
});
const receipt2 = receipt1.extend({
  modelId: z.string(),
  /** What is left to the common pool; 1,000,000 with the shares. */
  commonPpm: z.number().int().min(0).max(1_000_000),
  /** By what that is paid: like `shares`, by `rowPools`, or by influence alone where the answer also pays rows that it read. */
  poolBy: z.union([z.enum(['shares', 'rows']), weighted]),
});

const periodData1Schema = z.object({
  version: z.literal(1),
  chainId: z.number().int(),
  attributionLedger: address,
  revenueRouter: address,
  number: z.number().int().positive(),
  protocolFeeBps: bps,
  grossWei: wei,
  protocolFeeWei: wei,
  netWei: wei,
  totalWei: wei,
  earningsRoot: hash,
  receiptsRoot: hash,
  appAccount: address,
  infraAccount: address,
  /** Root of the period before, whose leaves are `previousLeaves`; null for the first. */
  previousRoot: hash.nullable(),
  previousLeaves: z.array(z.tuple([address, wei])),
  /** Curators of each Datanet version by rows accepted. */
  validators: z.record(z.string(), weighted),
  receipts: z.array(receipt1),
  /** Cumulative amounts that the vouchers of this period's channels were claimed up to. */
  channels: z.array(z.tuple([hash, wei])),
});
const periodData2Schema = periodData1Schema.extend({
  version: z.literal(2),
  receipts: z.array(receipt2),
  /** The people of the version's original rows, each row the same, by model: for receipts that are `poolBy` rows. */
  rowPools: z.record(
    z.string(),
    z.object({ adapterId: z.string(), rows: z.number().int().positive(), weights: weighted }),
  ),
});

/** Everything that the period's root follows from, as canonical JSON in the object store; its key is the epoch's `uri`. */
export type PeriodData = z.infer<typeof periodData2Schema>;
/** As it was before there were common pools: shares sum to 1,000,000. Nothing writes it any more. */
export type PeriodData1 = z.infer<typeof periodData1Schema>;

/** All of it that does not follow from the rest. */
export type PeriodTermsData = Omit<PeriodData, 'totalWei' | 'earningsRoot' | 'receiptsRoot'>;

export function encodePeriodData(data: PeriodData): Uint8Array {
  return new TextEncoder().encode(canonicalJson(data));
}

/** A file of either version. Throws zod's error with the path of what is wrong. */
export function parsePeriodData(bytes: Uint8Array): PeriodData | PeriodData1 {
  const data: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return z.discriminatedUnion('version', [periodData1Schema, periodData2Schema]).parse(data);
}

/** The period's arithmetic once more, from its file alone. */
export function rebuildPeriod(data: PeriodData | PeriodData1): BuiltPeriod {
  return buildPeriod(periodInputOf(data.version === 2 ? data : withoutPools(data)));
}

function withoutPools(data: PeriodData1): PeriodTerms {
  const receipts = data.receipts.map((receipt) => ({
    ...receipt,
    modelId: '',
    commonPpm: 0,
    poolBy: 'shares' as const,
  }));
  return { ...data, receipts, rowPools: {} };
}

type PeriodTerms = Pick<
  PeriodData,
  'netWei' | 'receipts' | 'rowPools' | 'validators' | 'previousLeaves' | 'appAccount' | 'infraAccount'
>;

export function periodInputOf(data: PeriodTerms): PeriodInput {
  return {
    netWei: BigInt(data.netWei),
    appAccount: data.appAccount,
    infraAccount: data.infraAccount,
    previousLeaves: data.previousLeaves.map(([account, amount]) => ({ account, cumulativeWei: BigInt(amount) })),
    rowPools: Object.entries(data.rowPools).map(([modelId, pool]) => ({ modelId, weights: toWeighted(pool.weights) })),
    receipts: data.receipts.map((receipt) => ({
      id: receipt.id,
      modelId: receipt.modelId,
      hash: receipt.hash,
      feeWei: BigInt(receipt.feeWei),
      modelOwner: receipt.modelOwner,
      split: receipt.split,
      shares: toWeighted(receipt.shares),
      commonPpm: receipt.commonPpm,
      poolBy: typeof receipt.poolBy === 'string' ? receipt.poolBy : toWeighted(receipt.poolBy),
      validators: toWeighted(data.validators[receipt.versionId] ?? []),
    })),
  };
}

const toWeighted = (pairs: readonly [Address, number][]): Weighted[] =>
  pairs.map(([account, weight]) => ({ account, weight }));
