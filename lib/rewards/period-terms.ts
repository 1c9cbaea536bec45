import { and, desc, eq, lt } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardDatanetFees } from '#db/schema/datanet-fees.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { protocolFeeWei } from './build-period.ts';
import { type Period, takenByPeriods } from './close-period.ts';
import { PeriodNotFundedError } from './errors.ts';
import { readFeeRates } from './fee-rates.ts';
import { listTrainedVersions } from './list-training-entries.ts';
import { loadDatanets } from './load-datanets.ts';
import { loadMixes } from './load-mixes.ts';
import { listPeriodModels, loadChannelIds, loadValidators } from './load-period-data.ts';
import { loadRowPools } from './load-row-pools.ts';
import { loadRoyalties } from './load-royalties.ts';
import type { PeriodTerms } from './period-schema.ts';
import { netOfPeriod, roundingToleranceWei } from './rules.ts';
import type { SettlementDeps } from './settlement-deps.ts';

/** The submitted period before this one, upon whose leaves it builds; null for the first. */
export async function findPrevious(db: DatabaseOrTransaction, number: number): Promise<Period | null> {
  const [previous] = await db
    .select()
    .from(rewardPeriods)
    .where(and(eq(rewardPeriods.status, 'submitted'), lt(rewardPeriods.number, number)))
    .orderBy(desc(rewardPeriods.number))
    .limit(1);
  return previous ?? null;
}

/**
 * Everything but receipts and leaves that a period's root follows from. Throws PeriodNotFundedError when less money arrived than
 * its receipts were charged.
 */
export async function collectTerms(
  deps: SettlementDeps,
  period: Period,
  previous: Period | null,
): Promise<PeriodTerms> {
  const { db, chain, deployment } = deps;
  const money = await countMoney(deps, period, previous);
  const models = await listPeriodModels(db, period.id);
  const trained = await listTrainedVersions(db, period.id);
  const versionIds = [...new Set([...models.map(({ versionId }) => versionId), ...trained])].sort();
  const mixes = await loadMixes(db, versionIds);
  const partIds = Object.values(mixes).flatMap((parts) => parts.map(([id]) => id));
  const channelTotals = await takenByPeriods(db, await loadChannelIds(db, period.id));
  const operator = deps.operator.address.toLowerCase() as Address;
  const stakeBlock = Number(await chain.getBlockNumber());
  const pooled = models.filter(({ mayPool }) => mayPool).map(({ id }) => id);
  return {
    version: 5,
    chainId: deployment.chainId,
    attributionLedger: deployment.addresses.attributionLedger.toLowerCase() as Address,
    revenueRouter: deployment.addresses.revenueRouter.toLowerCase() as Address,
    number: period.number,
    ...money,
    appAccount: operator, // of answers that were asked for outside of an app's task
    infraAccount: operator,
    previousRoot: (previous?.root as Hex | undefined) ?? null,
    previousFees: await loadFees(db, previous?.id ?? null),
    validators: await loadValidators(db, versionIds),
    rowPools: await loadRowPools(db, pooled),
    stakeBlock,
    datanets: await loadDatanets(deps, [...new Set([...versionIds, ...partIds])].sort(), stakeBlock),
    ...(partIds.length > 0 && { mixes }),
    models: await loadRoyalties(deps, models),
    channels: [...channelTotals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, wei]) => [id, wei.toString()]),
  };
}

async function countMoney(deps: SettlementDeps, { grossWei }: Period, previous: Period | null) {
  const [fundedWei] = await deps.chain.readContract({
    address: deps.deployment.addresses.attributionLedger,
    abi: attributionLedgerAbi,
    functionName: 'totals',
  });
  const rates = await readFeeRates(deps, previous?.root ?? null);
  const feeWei = protocolFeeWei(grossWei, rates.booked);
  const availableWei = fundedWei - (previous?.totalWei ?? 0n);
  const netWei = netOfPeriod({ grossWei, feeWei, availableWei });
  const leastWei = grossWei - protocolFeeWei(grossWei, rates.highest) - roundingToleranceWei;
  if (netWei < leastWei) throw new PeriodNotFundedError(availableWei, leastWei);
  return {
    protocolFeeBps: rates.booked,
    grossWei: grossWei.toString(),
    protocolFeeWei: (grossWei - netWei).toString(),
    netWei: netWei.toString(),
  };
}

async function loadFees(db: DatabaseOrTransaction, periodId: string | null): Promise<PeriodTerms['previousFees']> {
  if (periodId === null) return [];
  const rows = await db
    .select({ datanet: rewardDatanetFees.datanet, cumulativeWei: rewardDatanetFees.cumulativeWei })
    .from(rewardDatanetFees)
    .where(eq(rewardDatanetFees.periodId, periodId));
  return rows
    .sort((a, b) => (BigInt(a.datanet) < BigInt(b.datanet) ? -1 : 1))
    .map(({ datanet, cumulativeWei }) => [datanet, cumulativeWei.toString()]);
}
