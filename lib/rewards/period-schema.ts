import type { Address, Hex } from 'viem';
import { z } from 'zod';

const address = z.string().regex(/^0x[0-9a-f]{40}$/) as unknown as z.ZodType<Address>;
const hash = z.string().regex(/^0x[0-9a-f]{64}$/) as unknown as z.ZodType<Hex>;
const wei = z.string().regex(/^\d{1,78}$/);
const weighted = z.array(z.tuple([address, z.number().int().nonnegative()]));
const bps = z.number().int().min(0).max(10_000);
const leaf = z.tuple([address, wei]);

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
const receipt = receipt1.extend({
  modelId: z.string(),
  /** What is left to the common pool; 1,000,000 with the shares. */
  commonPpm: z.number().int().min(0).max(1_000_000),
  /** By what that is paid: like `shares`, by `rowPools`, or by influence alone where the answer also pays rows that it read. */
  poolBy: z.union([z.enum(['shares', 'rows']), weighted]),
  /** Since version 4: who gets the app's part, where the receipt names an app; else the terms' `appAccount`. */
  app: address.optional(),
});

/** The people of the version's original rows, each row the same, by model: for receipts that are `poolBy` rows. */
const rowPools = z.record(
  z.string(),
  z.object({ adapterId: z.string(), rows: z.number().int().positive(), weights: weighted }),
);

const terms1 = z.object({
  version: z.literal(1),
  chainId: z.number().int(),
  attributionLedger: address,
  revenueRouter: address,
  number: z.number().int().positive(),
  protocolFeeBps: bps,
  grossWei: wei,
  protocolFeeWei: wei,
  netWei: wei,
  appAccount: address,
  infraAccount: address,
  /** Root of the period before, whose leaves are `previousLeaves`; null for the first. */
  previousRoot: hash.nullable(),
  /** Curators of each Datanet version by rows accepted. */
  validators: z.record(z.string(), weighted),
  /** Cumulative amounts that the vouchers of this period's channels were claimed up to. */
  channels: z.array(z.tuple([hash, wei])),
});

/** A Datanet as the chain knows it, by the versions that receipts name. */
const datanet = z.object({
  /** Its number in DatanetRegistry. */
  id: z.string().regex(/^\d{1,78}$/),
  /** What the registry was given for it: the hash of its metadata. */
  metaCid: z.string(),
  /** The vault of its stake pool, where somebody was staked at `stakeBlock`. */
  stakers: address.nullable(),
});
const payees = z.array(z.tuple([address, bps]));
/** A model's version as it was published, and what it owes to its bases: owners and their bps of what the model below got. */
const model = z.object({
  versionHash: hash,
  payees,
  /** Since version 5: how it was made, the text that its `trainConfigHash` on chain is over. Of a merge it names what was merged. */
  trainConfig: z.string().optional(),
  /** Of a merge: the versions that it is made of, and of each what a child owes, its owner first, then its bases' as in `payees`. */
  merged: z
    .array(z.object({ versionHash: hash, weightPpm: z.number().int().min(1).max(1_000_000), payees }))
    .optional(),
});

const terms = terms1.extend({
  version: z.union([z.literal(3), z.literal(4), z.literal(5)]),
  rowPools,
  /** The block at which the chain was asked who is staked. */
  stakeBlock: z.number().int().nonnegative(),
  datanets: z.record(z.string(), datanet),
  /**
   * Since version 4: versions that are mixes, by their parts and what a pass reads of each, rows times tenths. Fees and stakers go by it.
   * Left out where there is none.
   */
  mixes: z.record(z.string(), z.array(z.tuple([z.string(), z.number().int().positive()]))).optional(),
  models: z.record(z.string(), model),
  /** Fees by Datanet up to the period before: decimal numbers, ascending. */
  previousFees: z.array(z.tuple([datanet.shape.id, wei])),
});

const totals = z.object({ totalWei: wei, earningsRoot: hash, receiptsRoot: hash });

/** Everything but receipts and leaves that a period's root follows from: the first line of its file. */
export const periodTermsSchema = terms;
export type PeriodTerms = z.infer<typeof terms>;
/** One receipt as the file has it. */
export const receiptEntrySchema = receipt;
export type ReceiptEntry = z.infer<typeof receipt>;
/** Account and cumulative wei. */
export const leafEntrySchema = leaf;
export type LeafEntry = z.infer<typeof leaf>;
/** What it all comes to: the last line. */
export const periodTotalsSchema = totals;
export type PeriodTotals = z.infer<typeof totals>;

/** As it was before there were common pools: shares sum to 1,000,000. One JSON document. Nothing writes it any more. */
export const periodData1Schema = terms1.extend({
  ...totals.shape,
  previousLeaves: z.array(leaf),
  receipts: z.array(receipt1),
});
/** As it was before fees by Datanet, stakers and royalties, again one document. */
export const periodData2Schema = periodData1Schema.extend({
  version: z.literal(2),
  rowPools,
  receipts: z.array(receipt),
});
