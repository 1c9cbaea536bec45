import { and, desc, eq, lt } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardLeaves, rewardLines, rewardPeriods, rewardRowPools } from '#db/schema/settlement.ts';
import type { LedgerAccount } from '#lib/platform/ledger/ledger-accounts.ts';
import { postLedger } from '#lib/platform/ledger/post-ledger.ts';
import { newId } from '#lib/platform/new-id.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { type BuiltFile, buildInThread } from './build-in-thread.ts';
import { protocolFeeWei } from './build-period.ts';
import { lockSettlement, type Period, takenByPeriods } from './close-period.ts';
import { PeriodNotFundedError } from './errors.ts';
import { readFeeRates } from './fee-rates.ts';
import { loadChannelIds, loadLeaves, loadReceipts, loadValidators } from './load-period-data.ts';
import { loadRowPools } from './load-row-pools.ts';
import type { PeriodTermsData } from './period-data.ts';
import { netOfPeriod, roundingToleranceWei } from './rules.ts';
import type { SettlementDeps } from './settlement-deps.ts';

/**
 * Fifth step: who earned what. Stores the data file, then lines, leaves, totals and the ledger posting in one transaction.
 * Run twice it changes nothing the second time.
 */
export async function bookPeriod(deps: SettlementDeps, period: Period): Promise<Period> {
  const data = await collectData(deps, period);
  const built = await buildInThread(data);
  const { key: dataKey } = await putContent(deps.store, built.bytes);
  await deps.onStep?.('data-stored');
  return deps.db.transaction(async (tx) => {
    await lockSettlement(tx);
    const [current] = await tx.select().from(rewardPeriods).where(eq(rewardPeriods.id, period.id));
    if (current?.status !== 'closed') return current ?? period; // another run was faster
    await insertChunked(tx, period.id, built);
    await insertRowPools(tx, period.id, built, data.rowPools);
    const change = {
      status: 'claimed' as const,
      protocolFeeWei: BigInt(data.protocolFeeWei),
      netWei: BigInt(data.netWei),
      totalWei: built.totalWei,
      root: built.earningsRoot,
      receiptsRoot: built.receiptsRoot,
      dataKey,
    };
    await tx.update(rewardPeriods).set(change).where(eq(rewardPeriods.id, period.id));
    await postPeriod(deps, tx, { ...current, ...change }, built);
    return { ...current, ...change };
  });
}

async function collectData(deps: SettlementDeps, period: Period): Promise<PeriodTermsData> {
  const { db, chain, deployment } = deps;
  const [previous] = await db
    .select()
    .from(rewardPeriods)
    .where(and(eq(rewardPeriods.status, 'submitted'), lt(rewardPeriods.number, period.number)))
    .orderBy(desc(rewardPeriods.number))
    .limit(1);
  const [fundedWei] = await chain.readContract({
    address: deployment.addresses.attributionLedger,
    abi: attributionLedgerAbi,
    functionName: 'totals',
  });
  const rates = await readFeeRates(deps, previous?.root ?? null);
  const feeWei = protocolFeeWei(period.grossWei, rates.booked);
  const availableWei = fundedWei - (previous?.totalWei ?? 0n);
  const netWei = netOfPeriod({ grossWei: period.grossWei, feeWei, availableWei });
  const leastWei = period.grossWei - protocolFeeWei(period.grossWei, rates.highest) - roundingToleranceWei;
  if (netWei < leastWei) throw new PeriodNotFundedError(availableWei, leastWei);
  const receipts = await loadReceipts(db, period.id);
  const channelTotals = await takenByPeriods(db, await loadChannelIds(db, period.id));
  const operator = deps.operator.address.toLowerCase() as Address;
  return {
    version: 2,
    chainId: deployment.chainId,
    attributionLedger: deployment.addresses.attributionLedger.toLowerCase() as Address,
    revenueRouter: deployment.addresses.revenueRouter.toLowerCase() as Address,
    number: period.number,
    protocolFeeBps: rates.booked,
    grossWei: period.grossWei.toString(),
    protocolFeeWei: (period.grossWei - netWei).toString(),
    netWei: netWei.toString(),
    appAccount: operator, // no apps yet: their part goes to the operator
    infraAccount: operator,
    previousRoot: (previous?.root as Hex | undefined) ?? null,
    previousLeaves: (await loadLeaves(db, previous?.id ?? null)).map((leaf) => [
      leaf.account,
      leaf.cumulativeWei.toString(),
    ]),
    validators: await loadValidators(db, [...new Set(receipts.map((receipt) => receipt.versionId))].sort()),
    receipts,
    rowPools: await loadRowPools(deps.db, receipts),
    channels: [...channelTotals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, wei]) => [id, wei.toString()]),
  };
}

async function insertChunked(tx: DatabaseOrTransaction, periodId: string, built: BuiltFile): Promise<void> {
  for (let i = 0; i < built.lines.length; i += 2_000) {
    await tx.insert(rewardLines).values(built.lines.slice(i, i + 2_000).map((line) => ({ periodId, ...line })));
  }
  for (let i = 0; i < built.leaves.length; i += 2_000) {
    await tx.insert(rewardLeaves).values(built.leaves.slice(i, i + 2_000).map((leaf) => ({ periodId, ...leaf })));
  }
}

async function insertRowPools(
  tx: DatabaseOrTransaction,
  periodId: string,
  { lines }: BuiltFile,
  rowPools: PeriodTermsData['rowPools'],
): Promise<void> {
  for (const [modelId, { rows: rowCount }] of Object.entries(rowPools)) {
    const paid = lines.filter((line) => line.receiptId === null && line.modelId === modelId);
    const amountWei = paid.reduce((sum, line) => sum + line.amountWei, 0n);
    await tx.insert(rewardRowPools).values({ periodId, modelId, rowCount, amountWei });
  }
}

async function postPeriod(
  deps: SettlementDeps,
  tx: DatabaseOrTransaction,
  period: Period,
  built: BuiltFile,
): Promise<void> {
  const entries: { account: LedgerAccount; amountWei: bigint }[] = [
    { account: 'revenue:unsettled', amountWei: period.grossWei },
    { account: 'revenue:protocol-fee', amountWei: -period.protocolFeeWei },
    ...built.lines.map((line) => ({ account: `payable:${line.account}` as const, amountWei: -line.amountWei })),
  ];
  await postLedger(tx, {
    key: `settle:${period.id}`,
    kind: 'settlement',
    entries,
    at: deps.now(),
    id: newId(deps, 'ledger'),
  });
}
