import { and, desc, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { channels, rewardPeriods } from '#db/schema/settlement.ts';
import { isUnchallenged } from '#lib/challenges/queries.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { readChannelStates } from './channel-states.ts';
import { listCharges } from './list-charges.ts';
import { receiptCover, smaller } from './rules.ts';
import { sumCharges } from './sum-charges.ts';

export type Period = typeof rewardPeriods.$inferSelect;
/** Bounds a period, whose lines are one transaction: ten million of them. */
const maxReceipts = 1_000_000;
const zeroHash = `0x${'0'.repeat(64)}`;

/**
 * First step: the unfinished period, or a new one over the receipts of attributed answers and of trainings that their channels' deposits and vouchers
 * cover. Null when no money waits. The receipts of a period are marked in the transaction that makes it.
 */
export async function closePeriod(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment' | 'now' | 'randomBytes'>,
): Promise<Period | null> {
  const open = await findUnfinished(deps.db);
  if (open) return open;
  const limits = await channelLimits(deps, [...(await sumCharges(deps.db, isOpen)).keys()]);
  return deps.db.transaction(async (tx) => {
    await lockSettlement(tx);
    const other = await findUnfinished(tx);
    if (other) return other;
    const { ids, grossWei } = await chooseReceipts(tx, limits);
    if (grossWei === 0n) return null;
    const [last] = await tx.select().from(rewardPeriods).orderBy(desc(rewardPeriods.number)).limit(1);
    const period: Period = {
      id: newId(deps, 'rewardPeriod'),
      number: (last?.number ?? 0) + 1,
      status: 'closed',
      receiptCount: ids.length,
      grossWei,
      protocolFeeWei: 0n,
      netWei: 0n,
      totalWei: 0n,
      root: zeroHash,
      receiptsRoot: zeroHash,
      dataKey: '',
      closedAt: deps.now(),
      submittedAt: null,
    };
    await tx.insert(rewardPeriods).values(period);
    for (let i = 0; i < ids.length; i += 5_000) {
      const some = ids.slice(i, i + 5_000);
      await tx.update(receipts).set({ rewardPeriodId: period.id }).where(inArray(receipts.id, some));
    }
    return period;
  });
}

/** One settlement at a time, also across machines. Held until the transaction ends. */
export async function lockSettlement(tx: DatabaseOrTransaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('reward-settlement'))`);
}

/** What periods have taken of each channel so far: the fees of the receipts that belong to one. */
export async function takenByPeriods(db: DatabaseOrTransaction, ids: readonly Hex[]): Promise<Map<Hex, bigint>> {
  return ids.length === 0 ? new Map() : sumCharges(db, isNotNull(receipts.rewardPeriodId), ids);
}

async function findUnfinished(db: DatabaseOrTransaction): Promise<Period | null> {
  const unfinished = ne(rewardPeriods.status, 'submitted');
  const [period] = await db.select().from(rewardPeriods).where(unfinished).orderBy(rewardPeriods.number).limit(1);
  return period ?? null;
}

/** Settled by no period yet, and no challenge of it stands or waits for its decision. */
const isOpen = and(isNull(receipts.rewardPeriodId), isUnchallenged(receipts.id));

/** A training's or a task's receipt says itself who is paid; an answer's waits for its attribution. */
const isAttributed = or(isNull(receipts.inferenceId), eq(inferences.attributionStatus, 'done'));

async function chooseReceipts(
  tx: DatabaseOrTransaction,
  limits: ReadonlyMap<Hex, bigint>,
): Promise<{ ids: string[]; grossWei: bigint }> {
  const isCovered = receiptCover(await takenByPeriods(tx, [...limits.keys()]), limits);
  const ids: string[] = [];
  let grossWei = 0n;
  for await (const page of listCharges(tx, and(isOpen, isAttributed))) {
    for (const receipt of page) {
      if (ids.length === maxReceipts) return { ids, grossWei };
      if (!isCovered(receipt)) continue;
      ids.push(receipt.id);
      grossWei += receipt.feeWei;
    }
  }
  return { ids, grossWei };
}

/** How much may be taken of each channel over its life: what is signed for, and what is there. */
async function channelLimits(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment'>,
  ids: readonly Hex[],
): Promise<Map<Hex, bigint>> {
  if (ids.length === 0) return new Map();
  const states = await readChannelStates(deps, ids);
  const rows = await deps.db
    .select({ id: channels.id, voucherWei: channels.voucherWei })
    .from(channels)
    .where(inArray(channels.id, [...ids]));
  return new Map(
    rows.map(({ id, voucherWei }) => {
      const { balanceWei } = states.get(id as Hex)!;
      return [id as Hex, smaller(balanceWei, voucherWei)];
    }),
  );
}
