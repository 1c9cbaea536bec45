import type { Address, Hex } from 'viem';
import { epochTop } from '#lib/kernel/epoch-root.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { earningsLeaf, receiptLeaf } from '#lib/kernel/merkle-leaf.ts';
import { BPS, splitByLargestRemainder } from '#lib/kernel/money.ts';
import type { RewardLeaf, RewardLine, SplitRole } from './types.ts';

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
  /** Id of the common pool that `commonPpm` goes to; null where that is 0. */
  pool: string | null;
  /** Curators of the version by rows accepted; never empty. */
  validators: Weighted[];
};

/** The accounts that a common pool is shared by. */
export type Pool = { id: string; modelId: string; weights: Weighted[] };

export type PeriodInput = {
  /** What the leaves share: gross less the protocol fee. */
  netWei: bigint;
  receipts: PeriodReceipt[];
  pools: Pool[];
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
 * accounts by shares; what the receipts of a pool left unnamed → accounts by the pool's weights. Each by largest remainder,
 * so the lines sum to `netWei` to the wei. Pure, integers only, independent of the order of its input: equal inputs give an
 * equal root, which anyone can recompute from the period's data file.
 *
 * Asking about one's own rows always loses. Shares and `commonPpm` of a receipt follow from that answer alone, and a pool's
 * weights were fixed with the adapter's certificate or its rows, before any question. So the money of one receipt goes where
 * it goes whatever else is asked: a fee f adds to what anybody earns at most what is left of f after the protocol fee, and for
 * people of the data at most the data part of that. (A pool shared by what was earned by name in the period would not do: one
 * cheap question about an own row, well explained, would draw on what others' unexplained answers left.)
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
  const lines = [...paid.flatMap((part) => part.lines), ...payPools(input.pools, receipts, paid)];
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

type PaidReceipt = { lines: RewardLine[]; commonWei: bigint };

function payReceipt(input: PeriodInput, receipt: PeriodReceipt, netWei: bigint): PaidReceipt {
  if (netWei === 0n) return { lines: [], commonWei: 0n };
  const { id: receiptId, modelId } = receipt;
  const parts = splitByLargestRemainder(
    netWei,
    roles.map((role) => BigInt(receipt.split[role])),
  );
  const [namedWei, commonWei] = divideData(parts[0]!, receipt);
  const payees: Record<SplitRole, Weighted[]> = {
    data: receipt.shares,
    model: [{ account: receipt.modelOwner, weight: 1 }],
    app: [{ account: input.appAccount, weight: 1 }],
    infra: [{ account: input.infraAccount, weight: 1 }],
    validators: receipt.validators,
  };
  const lines = roles.flatMap((role, i) =>
    shareOut(role === 'data' ? namedWei : parts[i]!, payees[role]).map((part) => ({
      modelId,
      receiptId,
      role,
      ...part,
    })),
  );
  return { lines, commonWei };
}

/** What is paid by name, and what is left to the pool; the pool gets the odd wei. */
function divideData(dataWei: bigint, { shares, commonPpm }: PeriodReceipt): [namedWei: bigint, commonWei: bigint] {
  if (commonPpm === 0) return [dataWei, 0n];
  const namedPpm = BigInt(shares.reduce((sum, share) => sum + share.weight, 0));
  const namedWei = (dataWei * namedPpm) / (namedPpm + BigInt(commonPpm));
  return [namedWei, dataWei - namedWei];
}

/** One line an account and model: a model may have had several pools in the period, when its certificate changed. */
function payPools(
  pools: readonly Pool[],
  receipts: readonly PeriodReceipt[],
  paid: readonly PaidReceipt[],
): RewardLine[] {
  const amounts = new Map(pools.map(({ id }) => [id, 0n]));
  for (const [i, { pool, id }] of receipts.entries()) {
    const { commonWei } = paid[i]!;
    if (commonWei === 0n) continue;
    const sumWei = pool === null ? undefined : amounts.get(pool);
    if (sumWei === undefined) throw new RangeError(`the common pool of receipt ${id} has no owner`);
    amounts.set(pool!, sumWei + commonWei);
  }
  const lines = new Map<string, RewardLine>();
  for (const { id, modelId, weights } of [...pools].sort((a, b) => compare(a.id, b.id))) {
    for (const { account, amountWei } of shareOut(amounts.get(id) ?? 0n, weights)) {
      const key = `${modelId} ${account}`;
      const sumWei = (lines.get(key)?.amountWei ?? 0n) + amountWei;
      lines.set(key, { modelId, receiptId: null, account, role: 'common', amountWei: sumWei });
    }
  }
  return [...lines].sort(([a], [b]) => compare(a, b)).map(([, line]) => line);
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
