import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { type BuiltPeriod, buildPeriod, type PeriodInput, type Weighted } from './build-period.ts';

const address = z.string().regex(/^0x[0-9a-f]{40}$/) as unknown as z.ZodType<Address>;
const hash = z.string().regex(/^0x[0-9a-f]{64}$/) as unknown as z.ZodType<Hex>;
const wei = z.string().regex(/^\d{1,78}$/);
const weighted = z.array(z.tuple([address, z.number().int().nonnegative()]));
const bps = z.number().int().min(0).max(10_000);

const periodDataSchema = z.object({
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
  receipts: z.array(
    z.object({
      id: z.string(),
      hash,
      feeWei: wei,
      channelId: hash.nullable(),
      versionId: z.string(),
      modelOwner: address,
      split: z.object({ data: bps, model: bps, app: bps, infra: bps, validators: bps }),
      shares: weighted,
    }),
  ),
  /** Cumulative amounts that the vouchers of this period's channels were claimed up to. */
  channels: z.array(z.tuple([hash, wei])),
});

/** Everything that the period's root follows from, as canonical JSON in the object store; its key is the epoch's `uri`. */
export type PeriodData = z.infer<typeof periodDataSchema>;

export function encodePeriodData(data: PeriodData): Uint8Array {
  return new TextEncoder().encode(canonicalJson(data));
}

/** Throws zod's error with the path of what is wrong. */
export function parsePeriodData(bytes: Uint8Array): PeriodData {
  return periodDataSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
}

/** The period's arithmetic once more, from its file alone. */
export function rebuildPeriod(data: PeriodData): BuiltPeriod {
  return buildPeriod(periodInputOf(data));
}

export function periodInputOf(
  data: Pick<PeriodData, 'netWei' | 'receipts' | 'validators' | 'previousLeaves' | 'appAccount' | 'infraAccount'>,
): PeriodInput {
  return {
    netWei: BigInt(data.netWei),
    appAccount: data.appAccount,
    infraAccount: data.infraAccount,
    previousLeaves: data.previousLeaves.map(([account, amount]) => ({ account, cumulativeWei: BigInt(amount) })),
    receipts: data.receipts.map((receipt) => ({
      id: receipt.id,
      hash: receipt.hash,
      feeWei: BigInt(receipt.feeWei),
      modelOwner: receipt.modelOwner,
      split: receipt.split,
      shares: toWeighted(receipt.shares),
      validators: toWeighted(data.validators[receipt.versionId] ?? []),
    })),
  };
}

const toWeighted = (pairs: readonly [Address, number][]): Weighted[] =>
  pairs.map(([account, weight]) => ({ account, weight }));
