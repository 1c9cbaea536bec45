import type { Address, Hex } from 'viem';
import type { DatanetFee } from '#lib/kernel/datanet-fee-leaf.ts';
import type { RewardLeaf, SplitRole } from './types.ts';

/** Weights of the five roles, in bps; only their ratio counts. */
export type SplitBps = Record<SplitRole, number>;
export type Weighted = { account: Address; weight: number };
/** A base model's owner and its part, in bps, of what the model below it got. */
export type Royalty = { account: Address; bps: number };
/** One model of a merge: its owner first, then its bases'. */
export type MergedRoyalties = { weightPpm: number; royalties: Royalty[] };

/**
 * A Datanet that an answer stands on: one, or those of a mix by what a pass of the training reads of each (`weight`). `id`: its number in
 * DatanetRegistry; null while it is not on chain. `stakers`: the vault of its stake pool, which has its part of half of what validators
 * get; null while nobody has staked.
 */
export type ReceiptDatanet = { id: bigint | null; stakers: Address | null; weight: number };

/** What the arithmetic needs of one receipt. Addresses lower-case. */
export type PeriodReceipt = {
  id: string;
  modelId: string;
  hash: Hex;
  feeWei: bigint;
  modelOwner: Address;
  /** The app that asked; null: the period's `appAccount` stands in. */
  app?: Address | null;
  split: SplitBps;
  /** Who is paid by name, by ppm; with `commonPpm` they sum to 1,000,000. */
  shares: Weighted[];
  commonPpm: number;
  /** By what `commonPpm` is paid: like the shares, by equal share of the version's rows, or by weights of its own. */
  poolBy: 'shares' | 'rows' | Weighted[];
  /** Curators of the version by rows accepted; never empty. */
  validators: Weighted[];
  /** Whose rows the model learnt from. */
  datanets: ReceiptDatanet[];
  /** The model's base first, then that one's base. */
  royalties: Royalty[];
  /** Of a merged model: what it was merged from, by weight, with what each is owed of its part. */
  merged?: MergedRoyalties[];
};

/** Who shares what a model's answers without a source leave to the common pool: the people of the version's rows. */
export type RowPool = { modelId: string; weights: Weighted[] };

export type PeriodInput = {
  /** What the leaves share: gross less the protocol fee. */
  netWei: bigint;
  protocolFeeWei: bigint;
  /** Walked through twice. */
  receipts: Iterable<PeriodReceipt>;
  /** One for each model with a receipt that is `poolBy` rows. */
  rowPools: RowPool[];
  previousLeaves: Iterable<RewardLeaf>;
  previousFees: DatanetFee[];
  appAccount: Address;
  infraAccount: Address;
};
