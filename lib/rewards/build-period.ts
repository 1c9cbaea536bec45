import type { Address, Hex } from 'viem';
import { epochTop } from '#lib/kernel/epoch-root.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { packEarningsLeaves, packReceiptLeaves } from '#lib/kernel/merkle-leaf.ts';
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

/** What goes on chain, and the leaves that it follows from. */
export type PeriodRoots = {
  leaves: RewardLeaf[];
  /** Sum of all leaves: the contract's `total`. */
  totalWei: bigint;
  earningsRoot: Hex;
  receiptsRoot: Hex;
  top: Hex;
};
export type BuiltPeriod = PeriodRoots & { lines: RewardLine[] };

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
  const lines: RewardLine[] = [];
  const roots = payPeriod(input, (line) => void lines.push(line));
  return { lines, ...roots };
}

/** The same, giving each line to `onLine` instead of keeping it: a million receipts have ten million lines. */
export function payPeriod(input: PeriodInput, onLine: (line: RewardLine) => void): PeriodRoots {
  const receipts = [...input.receipts].sort((a, b) => compare(a.id, b.id));
  if (receipts.length === 0) throw new RangeError('a reward period needs a receipt');
  const fees = receipts.map((receipt) => receipt.feeWei);
  const nets = splitByLargestRemainder(input.netWei, fees);
  // Every account ever paid keeps its leaf, so one claim against the newest root takes all.
  const leaves = new Map<Address, RewardLeaf>(input.previousLeaves.map((leaf) => [leaf.account, { ...leaf }]));
  const pay = (line: RewardLine) => {
    const leaf = leaves.get(line.account);
    if (leaf) leaf.cumulativeWei += line.amountWei;
    else leaves.set(line.account, { account: line.account, cumulativeWei: line.amountWei });
    onLine(line);
  };
  const pools = new Map(input.rowPools.map(({ modelId }) => [modelId, 0n]));
  for (let i = 0; i < receipts.length; i++) {
    const receipt = receipts[i]!;
    const rowsWei = payReceipt(input, receipt, nets[i]!, pay);
    if (rowsWei === 0n) continue;
    const sumWei = pools.get(receipt.modelId);
    if (sumWei === undefined) throw new RangeError(`the common pool of model ${receipt.modelId} has no owner`);
    pools.set(receipt.modelId, sumWei + rowsWei);
  }
  payRowPools(input.rowPools, pools, pay);
  return rootsOf([...leaves.values()], receipts);
}

function rootsOf(unsorted: readonly RewardLeaf[], receipts: readonly PeriodReceipt[]): PeriodRoots {
  const leaves = unsorted.toSorted((a, b) => compare(a.account, b.account));
  const earningsRoot = buildTree(packEarningsLeaves(leaves)).root;
  const receiptsRoot = buildTree(packReceiptLeaves(receipts)).root;
  const totalWei = leaves.reduce((sum, leaf) => sum + leaf.cumulativeWei, 0n);
  return { leaves, totalWei, earningsRoot, receiptsRoot, top: epochTop(earningsRoot, receiptsRoot) };
}

/** The protocol's part of `grossWei`, as RevenueRouter.flush rounds it. */
export function protocolFeeWei(grossWei: bigint, feeBps: number): bigint {
  return (grossWei * BigInt(feeBps)) / BPS;
}

type Pay = (line: RewardLine) => void;

/** Pays one receipt's part; returns what of it is left to the people of the version's rows, wei. */
function payReceipt(input: PeriodInput, receipt: PeriodReceipt, netWei: bigint, pay: Pay): bigint {
  if (netWei === 0n) return 0n;
  const { id: receiptId, modelId, poolBy, shares, split } = receipt;
  const parts = splitByLargestRemainder(
    netWei,
    roles.map((role) => BigInt(split[role])),
  );
  const [namedWei, commonWei] = divideData(parts[0]!, receipt);
  const share = (role: EarningRole, amountWei: bigint, payees: readonly Weighted[]) =>
    shareOut(amountWei, payees, (account, part) => pay({ modelId, receiptId, role, account, amountWei: part }));
  share('data', namedWei, shares);
  if (poolBy !== 'rows') share('common', commonWei, poolBy === 'shares' ? shares : poolBy);
  share('model', parts[1]!, [{ account: receipt.modelOwner, weight: 1 }]);
  share('app', parts[2]!, [{ account: input.appAccount, weight: 1 }]);
  share('infra', parts[3]!, [{ account: input.infraAccount, weight: 1 }]);
  share('validators', parts[4]!, receipt.validators);
  return poolBy === 'rows' ? commonWei : 0n;
}

/** What is paid by name, and what is left to the pool; the pool gets the odd wei. */
function divideData(dataWei: bigint, { shares, commonPpm }: PeriodReceipt): [namedWei: bigint, commonWei: bigint] {
  if (commonPpm === 0) return [dataWei, 0n];
  const namedPpm = BigInt(shares.reduce((sum, share) => sum + share.weight, 0));
  const namedWei = (dataWei * namedPpm) / (namedPpm + BigInt(commonPpm));
  return [namedWei, dataWei - namedWei];
}

/** One line an account and model, of no receipt: a version may have a hundred thousand people. */
function payRowPools(pools: readonly RowPool[], amounts: ReadonlyMap<string, bigint>, pay: Pay): void {
  for (const { modelId, weights } of [...pools].sort((a, b) => compare(a.modelId, b.modelId))) {
    shareOut(amounts.get(modelId)!, weights, (account, amountWei) =>
      pay({ modelId, receiptId: null, role: 'common', account, amountWei }),
    );
  }
}

/** Divides by weight over the payees in the order of their addresses; who gets nothing is left out. */
function shareOut(
  amountWei: bigint,
  payees: readonly Weighted[],
  give: (account: Address, amountWei: bigint) => void,
): void {
  if (amountWei === 0n) return;
  if (payees.length === 1 && payees[0]!.weight > 0) {
    give(payees[0]!.account, amountWei);
    return;
  }
  const sorted = isSorted(payees) ? payees : [...payees].sort((a, b) => compare(a.account, b.account));
  const amounts = splitByLargestRemainder(
    amountWei,
    sorted.map((payee) => BigInt(payee.weight)),
  );
  for (let i = 0; i < sorted.length; i++) if (amounts[i]! > 0n) give(sorted[i]!.account, amounts[i]!);
}

function isSorted(payees: readonly Weighted[]): boolean {
  return payees.every(({ account }, i) => i === 0 || payees[i - 1]!.account <= account);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
