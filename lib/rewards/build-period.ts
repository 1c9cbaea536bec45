import type { Address, Hex } from 'viem';
import { type DatanetFee, packDatanetFeeLeaves } from '#lib/kernel/datanet-fee-leaf.ts';
import { epochTop } from '#lib/kernel/epoch-root.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { packEarningsLeaves, packReceiptLeaves } from '#lib/kernel/merkle-leaf.ts';
import { BPS, splitByLargestRemainder } from '#lib/kernel/money.ts';
import { addDatanetFees } from './add-datanet-fees.ts';
import { payReceipt, shareOut } from './pay-receipt.ts';
import type { PeriodInput, PeriodReceipt, ReceiptDatanet, RowPool } from './period-receipt.ts';
import type { RewardLeaf, RewardLine } from './types.ts';

/** What goes on chain, and the leaves that it follows from. */
export type PeriodRoots = {
  leaves: RewardLeaf[];
  datanetFees: DatanetFee[];
  /** Sum of all leaves: the contract's `total`. */
  totalWei: bigint;
  earningsRoot: Hex;
  receiptsRoot: Hex;
  top: Hex;
};
export type BuiltPeriod = PeriodRoots & { lines: RewardLine[] };

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
  const receipts = [...input.receipts].sort((a, b) => compare(a.id, b.id));
  const roots = payPeriod({ ...input, receipts }, (line) => void lines.push(line));
  return { lines, ...roots };
}

/**
 * The same for receipts that come in the order of their ids, giving each line to `onLine` instead of keeping it: a million
 * receipts have eleven million lines. Nothing of a receipt is kept but its fee and its leaf. Throws a RangeError also when an id
 * is not above the one before, so that no receipt is paid twice.
 */
export function payPeriod(input: PeriodInput, onLine: (line: RewardLine) => void): PeriodRoots {
  const seen = readReceipts(input.receipts);
  if (seen.fees.length === 0) throw new RangeError('a reward period needs a receipt');
  const nets = splitByLargestRemainder(input.netWei, seen.fees);
  // Every account ever paid keeps its leaf, so one claim against the newest root takes all.
  const leaves = new Map<Address, RewardLeaf>();
  for (const { account, cumulativeWei } of input.previousLeaves) leaves.set(account, { account, cumulativeWei });
  const pay = (line: RewardLine) => {
    const leaf = leaves.get(line.account);
    if (leaf) leaf.cumulativeWei += line.amountWei;
    else leaves.set(line.account, { account: line.account, cumulativeWei: line.amountWei });
    onLine(line);
  };
  payReceipts(input, nets, pay);
  return rootsOf(
    [...leaves.values()],
    addDatanetFees(input.previousFees, seen.chargedWei, input.protocolFeeWei),
    seen.leaves,
  );
}

/** The protocol's part of `grossWei`, as RevenueRouter.flush rounds it. */
export function protocolFeeWei(grossWei: bigint, feeBps: number): bigint {
  return (grossWei * BigInt(feeBps)) / BPS;
}

const packedAtOnce = 4_096;

/** First walk: fees, what each Datanet's receipts were charged, and packed leaves. */
function readReceipts(receipts: Iterable<PeriodReceipt>) {
  const fees: bigint[] = [];
  const chargedWei = new Map<bigint | null, bigint>();
  const leaves: Uint8Array[] = [];
  let waiting: { hash: Hex; feeWei: bigint }[] = [];
  let last = '';
  for (const { id, hash, feeWei, datanets } of receipts) {
    if (id <= last) throw new RangeError(`receipt ${id} comes after ${last}`);
    last = id;
    fees.push(feeWei);
    for (const [datanet, wei] of divideFee(feeWei, datanets))
      chargedWei.set(datanet, (chargedWei.get(datanet) ?? 0n) + wei);
    if (waiting.push({ hash, feeWei }) < packedAtOnce) continue;
    leaves.push(packReceiptLeaves(waiting));
    waiting = [];
  }
  leaves.push(packReceiptLeaves(waiting));
  return { fees, chargedWei, leaves };
}

/** What each Datanet's answers were charged: of a mix each has its part, by weight. */
function divideFee(feeWei: bigint, datanets: readonly ReceiptDatanet[]): [bigint | null, bigint][] {
  if (datanets.length < 2) return [[datanets[0]?.id ?? null, feeWei]];
  const parts = splitByLargestRemainder(
    feeWei,
    datanets.map(({ weight }) => BigInt(weight)),
  );
  return datanets.map(({ id }, i) => [id, parts[i]!]);
}

/** Second walk. */
function payReceipts(input: PeriodInput, nets: readonly bigint[], pay: (line: RewardLine) => void): void {
  const pools = new Map(input.rowPools.map(({ modelId }) => [modelId, 0n]));
  let i = 0;
  for (const receipt of input.receipts) {
    const rowsWei = payReceipt(input, receipt, nets[i++]!, pay);
    if (rowsWei === 0n) continue;
    const sumWei = pools.get(receipt.modelId);
    if (sumWei === undefined) throw new RangeError(`the common pool of model ${receipt.modelId} has no owner`);
    pools.set(receipt.modelId, sumWei + rowsWei);
  }
  payRowPools(input.rowPools, pools, pay);
}

/** One line an account and model, of no receipt: a version may have a hundred thousand people. */
function payRowPools(
  pools: readonly RowPool[],
  amounts: ReadonlyMap<string, bigint>,
  pay: (line: RewardLine) => void,
): void {
  for (const { modelId, weights } of [...pools].sort((a, b) => compare(a.modelId, b.modelId))) {
    shareOut(amounts.get(modelId)!, weights, (account, amountWei) =>
      pay({ modelId, receiptId: null, role: 'common', account, amountWei }),
    );
  }
}

function rootsOf(
  unsorted: readonly RewardLeaf[],
  datanetFees: DatanetFee[],
  receiptLeaves: readonly Uint8Array[],
): PeriodRoots {
  const leaves = unsorted.toSorted((a, b) => compare(a.account, b.account));
  const earningsRoot = buildTree(packEarningsLeaves(leaves)).root;
  const receiptsRoot = buildTree(concat([...receiptLeaves, packDatanetFeeLeaves(datanetFees)])).root;
  const totalWei = leaves.reduce((sum, leaf) => sum + leaf.cumulativeWei, 0n);
  return { leaves, datanetFees, totalWei, earningsRoot, receiptsRoot, top: epochTop(earningsRoot, receiptsRoot) };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
