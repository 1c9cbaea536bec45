import { and, desc, eq, gte, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardLeaves, rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findShortage } from '#lib/solvency/queries.ts';
import { findClaim } from './claim-proof.ts';
import { claimedWeiOf, type Epoch, listEpochs } from './epochs.ts';
import { PeriodNotFoundError } from './errors.ts';
import type { AccountRewards, PeriodState, PeriodView } from './types.ts';

type QueryDeps = Pick<Deps, 'db' | 'now'>;
type PeriodRow = typeof rewardPeriods.$inferSelect;

/**
 * What an account has, may claim now, and will be able to claim when. `claimableWei` is exactly what the contract's `claim`
 * pays with the returned arguments, as long as nobody claims in between.
 */
export async function getRewards(deps: QueryDeps, account: `0x${string}`): Promise<AccountRewards> {
  const { db } = deps;
  const lower = account.toLowerCase() as `0x${string}`;
  const epochs = await listEpochs(db, await chainNow(deps));
  const [claimedWei, earnedWei, shortage] = await Promise.all([
    claimedWeiOf(db, lower),
    sumEarned(db, lower),
    findShortage(db),
  ]);
  const active = await findNewestOurs(db, epochs, ['active']);
  const claim = active ? await findClaim(db, { root: active.earningsRoot, epochId: active.id, account: lower }) : null;
  const claimableWei = notNegative((claim?.cumulativeWei ?? 0n) - claimedWei);
  const waiting = await findNewestOurs(db, epochs, ['pending', 'frozen']);
  const waitingWei = waiting ? await cumulativeIn(db, waiting.earningsRoot, lower) : 0n;
  const reached = claimedWei + claimableWei;
  const pendingWei = notNegative(waitingWei - reached);
  return {
    account: lower,
    claimableWei,
    claim: claimableWei > 0n && !shortage ? claim : null,
    shortage,
    pendingWei,
    pendingUntil: pendingWei > 0n && waiting?.state === 'pending' ? waiting.activeAt : null,
    claimedWei,
    earnedWei,
  };
}

/** Reward periods, newest first; `before` is the number that the page before ended with. */
export async function listPeriods(
  deps: QueryDeps,
  { before = 2 ** 31 - 1, limit = 50 }: { before?: number; limit?: number } = {},
): Promise<PeriodView[]> {
  const rows = await deps.db
    .select()
    .from(rewardPeriods)
    .where(sql`${rewardPeriods.number} < ${before}`)
    .orderBy(desc(rewardPeriods.number))
    .limit(limit);
  const epochs = await listEpochs(deps.db, await chainNow(deps), { roots: rows.map((row) => row.root) });
  return rows.map((row) => toPeriodView(row, epochs));
}

/** One period by its number. Throws PeriodNotFoundError. */
export async function getPeriod(deps: QueryDeps, number: number): Promise<PeriodView> {
  const [row] = await deps.db.select().from(rewardPeriods).where(eq(rewardPeriods.number, number));
  if (!row) throw new PeriodNotFoundError(String(number));
  return toPeriodView(row, await listEpochs(deps.db, await chainNow(deps), { roots: [row.root] }));
}

/** A stored period with what the chain says about its root. */
export function toPeriodView(row: PeriodRow, epochs: readonly Epoch[]): PeriodView {
  const epoch = row.status === 'submitted' ? epochs.find((one) => one.earningsRoot === row.root) : undefined;
  const state: PeriodState = row.status === 'submitted' ? (epoch?.state ?? 'unseen') : row.status;
  const { id, number, receiptCount, grossWei, protocolFeeWei, netWei, totalWei, root, receiptsRoot, dataKey } = row;
  return {
    ...{ id, number, state, receiptCount, grossWei, protocolFeeWei, netWei, totalWei, root, receiptsRoot, dataKey },
    epochId: epoch?.id ?? null,
    activeAt: epoch?.activeAt ?? null,
    txHash: epoch?.txHash ?? null,
    closedAt: row.closedAt,
  };
}

/** The newest epoch in one of `states` whose leaves we have: other publishers may post roots of their own. */
export async function findNewestOurs(
  db: DatabaseOrTransaction,
  epochs: readonly Epoch[],
  states: readonly Epoch['state'][],
): Promise<Epoch | null> {
  const candidates = epochs.filter((epoch) => states.includes(epoch.state));
  if (candidates.length === 0) return null;
  const roots = candidates.slice(0, 500).map((epoch) => epoch.earningsRoot);
  const known = await db
    .select({ root: rewardPeriods.root })
    .from(rewardPeriods)
    .where(inArray(rewardPeriods.root, roots));
  const ours = new Set(known.map((row) => row.root));
  return candidates.find((epoch) => ours.has(epoch.earningsRoot)) ?? null;
}

async function cumulativeIn(db: DatabaseOrTransaction, root: string, account: string): Promise<bigint> {
  const [row] = await db
    .select({ cumulativeWei: rewardLeaves.cumulativeWei })
    .from(rewardLeaves)
    .innerJoin(rewardPeriods, eq(rewardPeriods.id, rewardLeaves.periodId))
    .where(and(eq(rewardPeriods.root, root), eq(rewardLeaves.account, account)));
  return row?.cumulativeWei ?? 0n;
}

async function sumEarned(db: DatabaseOrTransaction, account: string): Promise<bigint> {
  const [row] = await db
    .select({ wei: sql<string>`coalesce(sum(${rewardLines.amountWei}), 0)` })
    .from(rewardLines)
    .where(and(eq(rewardLines.account, account), gte(rewardLines.amountWei, 0n)));
  return BigInt(row?.wei ?? '0');
}

const notNegative = (wei: bigint) => (wei < 0n ? 0n : wei);
