import type { Address, Hex } from 'viem';
import { epochTop } from '#lib/kernel/epoch-root.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { earningsLeaf, receiptLeaf } from '#lib/kernel/merkle-leaf.ts';
import { BPS, splitByLargestRemainder } from '#lib/kernel/money.ts';
import type { EarningRole, RewardLeaf, RewardLine } from './types.ts';

/** Weights of the five roles, in bps; only their ratio counts. */
export type SplitBps = Record<EarningRole, number>;
export type Weighted = { account: Address; weight: number };

/** What the arithmetic needs of one receipt. Addresses lower-case. */
export type PeriodReceipt = {
  id: string;
  hash: Hex;
  feeWei: bigint;
  modelOwner: Address;
  split: SplitBps;
  /** Contributors by ppm; sums to 1,000,000. */
  shares: Weighted[];
  /** Curators of the version by rows accepted; never empty. */
  validators: Weighted[];
};

export type PeriodInput = {
  /** What the leaves share: gross less the protocol fee. */
  netWei: bigint;
  receipts: PeriodReceipt[];
  previousLeaves: RewardLeaf[];
  appAccount: Address;
  infraAccount: Address;
};

export type BuiltPeriod = {
  lines: RewardLine[];
  leaves: RewardLeaf[];
  /** Sum of all leaves: the contract's `total`. */
  totalWei: bigint;
  earningsRoot: Hex;
  receiptsRoot: Hex;
  top: Hex;
};

const roles: readonly EarningRole[] = ['data', 'model', 'app', 'infra', 'validators'];

/**
 * The arithmetic of a reward period (reference: protocol.md §4.8): net → receipts by fee → roles by the model's split →
 * accounts by shares, each by largest remainder, so the lines sum to `netWei` to the wei. Pure, integers only, independent
 * of the order of its input: equal inputs give an equal root, which anyone can recompute from the period's data file.
 * Throws a RangeError when money would have no owner.
 */
export function buildPeriod(input: PeriodInput): BuiltPeriod {
  const receipts = [...input.receipts].sort((a, b) => compare(a.id, b.id));
  if (receipts.length === 0) throw new RangeError('a reward period needs a receipt');
  const nets = splitByLargestRemainder(
    input.netWei,
    receipts.map((receipt) => receipt.feeWei),
  );
  const lines = receipts.flatMap((receipt, i) => linesOf(input, receipt, nets[i]!));
  const leaves = addLines(input.previousLeaves, lines);
  const earningsRoot = buildTree(leaves.map((leaf) => earningsLeaf(leaf.account, leaf.cumulativeWei))).root;
  const receiptsRoot = buildTree(receipts.map((receipt) => receiptLeaf(receipt.hash, receipt.feeWei))).root;
  const totalWei = leaves.reduce((sum, leaf) => sum + leaf.cumulativeWei, 0n);
  return { lines, leaves, totalWei, earningsRoot, receiptsRoot, top: epochTop(earningsRoot, receiptsRoot) };
}

/** The protocol's part of `grossWei`, as RevenueRouter.flush rounds it. */
export function protocolFeeWei(grossWei: bigint, feeBps: number): bigint {
  return (grossWei * BigInt(feeBps)) / BPS;
}

function linesOf(input: PeriodInput, receipt: PeriodReceipt, netWei: bigint): RewardLine[] {
  if (netWei === 0n) return [];
  const parts = splitByLargestRemainder(
    netWei,
    roles.map((role) => BigInt(receipt.split[role])),
  );
  const payees: Record<EarningRole, Weighted[]> = {
    data: receipt.shares,
    model: [{ account: receipt.modelOwner, weight: 1 }],
    app: [{ account: input.appAccount, weight: 1 }],
    infra: [{ account: input.infraAccount, weight: 1 }],
    validators: receipt.validators,
  };
  return roles.flatMap((role, i) =>
    shareOut(parts[i]!, payees[role]).map(({ account, amountWei }) => ({
      receiptId: receipt.id,
      account,
      role,
      amountWei,
    })),
  );
}

function shareOut(amountWei: bigint, payees: readonly Weighted[]): { account: Address; amountWei: bigint }[] {
  if (amountWei === 0n) return [];
  const sorted = [...payees].sort((a, b) => compare(a.account, b.account));
  const amounts = splitByLargestRemainder(
    amountWei,
    sorted.map((payee) => BigInt(payee.weight)),
  );
  return sorted.map(({ account }, i) => ({ account, amountWei: amounts[i]! })).filter((part) => part.amountWei > 0n);
}

/** Every account ever paid keeps its leaf, so one claim against the newest root takes all. */
function addLines(previous: readonly RewardLeaf[], lines: readonly RewardLine[]): RewardLeaf[] {
  const cumulative = new Map<Address, bigint>(previous.map((leaf) => [leaf.account, leaf.cumulativeWei]));
  for (const { account, amountWei } of lines) cumulative.set(account, (cumulative.get(account) ?? 0n) + amountWei);
  return [...cumulative]
    .map(([account, cumulativeWei]) => ({ account, cumulativeWei }))
    .sort((a, b) => compare(a.account, b.account));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
