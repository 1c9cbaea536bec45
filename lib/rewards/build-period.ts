import type { Address, Hex } from 'viem';
import { epochTop } from '#lib/kernel/epoch-root.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { earningsLeaf, receiptLeaf } from '#lib/kernel/merkle-leaf.ts';
import { BPS, splitByLargestRemainder } from '#lib/kernel/money.ts';
import type { EarningRole, RewardLeaf, RewardLine, SplitRole } from './types.ts';

/** Weights of the five roles, in bps; only their ratio counts. */
export type SplitBps = Record<SplitRole, number>;
export type Weighted = { account: Address; weight: number };

/** What the arithmetic needs of one receipt. Addresses lower-case. */
export type PeriodReceipt = {
  id: string;
  modelId: string;
  hash: Hex;
  feeWei: bigint;
  modelOwner: Address;
  split: SplitBps;
  /** Who is paid by name, by ppm; with `commonPpm` they sum to 1,000,000. */
  shares: Weighted[];
  commonPpm: number;
  /** By what `commonPpm` is paid: like the shares, by equal share of the version's rows, or by weights of its own. */
  poolBy: 'shares' | 'rows' | Weighted[];
  /** Curators of the version by rows accepted; never empty. */
  validators: Weighted[];
};

/** Who shares what a model's answers without a source leave to the common pool: the people of the version's rows. */
export type RowPool = { modelId: string; weights: Weighted[] };

export type PeriodInput = {
  /** What the leaves share: gross less the protocol fee. */
  netWei: bigint;
  receipts: PeriodReceipt[];
  /** One for each model with a receipt that is `poolBy` rows. */
  rowPools: RowPool[];
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

const roles: readonly SplitRole[] = ['data', 'model', 'app', 'infra', 'validators'];

/**
 * The arithmetic of a reward period (reference: protocol.md §4.8): net → receipts by fee → roles by the model's split →
 * accounts by shares, and what an answer leaves to the common pool → accounts by what it put in. Each by largest remainder, so
 * the lines sum to `netWei` to the wei. Pure, integers only, independent of the order of its input: equal inputs give an equal
 * root, which anyone can recompute from the period's data file.
 *
 * The common pool is shared by the period's average of the answers' influence shares, in which each answer counts with what it
 * left to the pool; which is the same as giving each answer's part to its own shares. What answers without a source left goes
 * by equal share of rows.
 *
 * So asking about one's own rows always loses. An answer's money goes by its own shares, or by rows that were fixed before
 * anybody asked: whatever else is asked moves none of it. A fee f adds to what anybody earns at most what is left of f after
 * the protocol fee, and to what people of the data earn at most the data part of that. (Weights by what was earned by name in
 * the period would not do: one cheap question about an own row, well explained, would draw on what others' answers left.)
 *
 * Throws a RangeError when money would have no owner.
 */
export function buildPeriod(input: PeriodInput): BuiltPeriod {
  const receipts = [...input.receipts].sort((a, b) => compare(a.id, b.id));
  if (receipts.length === 0) throw new RangeError('a reward period needs a receipt');
  const nets = splitByLargestRemainder(
    input.netWei,
    receipts.map((receipt) => receipt.feeWei),
  );
  const paid = receipts.map((receipt, i) => payReceipt(input, receipt, nets[i]!));
  const lines = [...paid.flatMap((part) => part.lines), ...payRowPools(input.rowPools, receipts, paid)];
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

/** `rowsWei`: what is left to the people of the version's rows. */
type PaidReceipt = { lines: RewardLine[]; rowsWei: bigint };

function payReceipt(input: PeriodInput, receipt: PeriodReceipt, netWei: bigint): PaidReceipt {
  if (netWei === 0n) return { lines: [], rowsWei: 0n };
  const { id: receiptId, modelId, poolBy, shares } = receipt;
  const parts = splitByLargestRemainder(
    netWei,
    roles.map((role) => BigInt(receipt.split[role])),
  );
  const [namedWei, commonWei] = divideData(parts[0]!, receipt);
  const paid: readonly (readonly [EarningRole, bigint, readonly Weighted[]])[] = [
    ['data', namedWei, shares],
    ['common', poolBy === 'rows' ? 0n : commonWei, typeof poolBy === 'string' ? shares : poolBy],
    ['model', parts[1]!, [{ account: receipt.modelOwner, weight: 1 }]],
    ['app', parts[2]!, [{ account: input.appAccount, weight: 1 }]],
    ['infra', parts[3]!, [{ account: input.infraAccount, weight: 1 }]],
    ['validators', parts[4]!, receipt.validators],
  ];
  const lines = paid.flatMap(([role, amountWei, payees]) =>
    shareOut(amountWei, payees).map((part) => ({ modelId, receiptId, role, ...part })),
  );
  return { lines, rowsWei: poolBy === 'rows' ? commonWei : 0n };
}

/** What is paid by name, and what is left to the pool; the pool gets the odd wei. */
function divideData(dataWei: bigint, { shares, commonPpm }: PeriodReceipt): [namedWei: bigint, commonWei: bigint] {
  if (commonPpm === 0) return [dataWei, 0n];
  const namedPpm = BigInt(shares.reduce((sum, share) => sum + share.weight, 0));
  const namedWei = (dataWei * namedPpm) / (namedPpm + BigInt(commonPpm));
  return [namedWei, dataWei - namedWei];
}

/** One line an account and model, of no receipt: a version may have a hundred thousand people. */
function payRowPools(
  pools: readonly RowPool[],
  receipts: readonly PeriodReceipt[],
  paid: readonly PaidReceipt[],
): RewardLine[] {
  const amounts = new Map(pools.map(({ modelId }) => [modelId, 0n]));
  for (const [i, { modelId }] of receipts.entries()) {
    const { rowsWei } = paid[i]!;
    if (rowsWei === 0n) continue;
    const sumWei = amounts.get(modelId);
    if (sumWei === undefined) throw new RangeError(`the common pool of model ${modelId} has no owner`);
    amounts.set(modelId, sumWei + rowsWei);
  }
  return [...pools]
    .sort((a, b) => compare(a.modelId, b.modelId))
    .flatMap(({ modelId, weights }) =>
      shareOut(amounts.get(modelId)!, weights).map((part) => ({
        ...{ modelId, receiptId: null, role: 'common' as const, ...part },
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
