import { erc20Abi } from 'viem';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { findRow, sendOnce } from '#lib/platform/chain/sender.ts';
import { claimRowsFor } from './claim-rows.ts';
import { type Period, takenByPeriods } from './close-period.ts';
import { loadChannelIds } from './load-period-data.ts';
import type { SettlementDeps } from './settlement-deps.ts';

const rowsPerTransaction = 100;

/**
 * Second step: takes from each channel exactly what the receipts of all periods so far charged it, never what is merely
 * reserved or signed for. Cumulative amounts make a repetition harmless; each transaction has its key.
 */
export async function collectVouchers(deps: SettlementDeps, period: Period): Promise<void> {
  const ids = await loadChannelIds(deps.db, period.id);
  const taken = await takenByPeriods(deps.db, ids);
  const { inferenceChannels, revenueRouter } = deps.deployment.addresses;
  for (let i = 0; i < ids.length; i += rowsPerTransaction) {
    const some = ids.slice(i, i + rowsPerTransaction);
    const rows = await claimRowsFor(deps, new Map(some.map((id) => [id, taken.get(id) ?? 0n])));
    const key = `claim:${period.id}:${i / rowsPerTransaction}`;
    if (rows.length === 0 && !(await isUnderWay(deps, key))) continue;
    await sendOnce(
      deps,
      {
        key,
        address: inferenceChannels,
        abi: inferenceChannelsAbi,
        functionName: 'claim',
        args: [revenueRouter, rows],
      },
      { onStep: (step) => deps.onStep?.(`claim-${step}`) },
    );
  }
}

/** Third step: the router pays the treasury its fee and funds the ledger with the rest. */
export async function flushRouter(deps: SettlementDeps, period: Period): Promise<void> {
  const { inferenceChannels, revenueRouter, openToken } = deps.deployment.addresses;
  const [due, balance] = await Promise.all([
    deps.chain.readContract({
      address: inferenceChannels,
      abi: inferenceChannelsAbi,
      functionName: 'due',
      args: [revenueRouter],
    }),
    deps.chain.readContract({ address: openToken, abi: erc20Abi, functionName: 'balanceOf', args: [revenueRouter] }),
  ]);
  const key = `flush:${period.id}`;
  if (due + balance === 0n && !(await isUnderWay(deps, key))) return; // flushed already, by us or by anyone
  await sendOnce(
    deps,
    { key, address: revenueRouter, abi: revenueRouterAbi, functionName: 'flush', args: [] },
    { onStep: (step) => deps.onStep?.(`flush-${step}`) },
  );
}

/** A transaction stored before a crash is followed to its end, also when the chain shows its effect already. */
async function isUnderWay(deps: SettlementDeps, key: string): Promise<boolean> {
  const row = await findRow(deps.db, key);
  return row !== null && row.status !== 'reverted';
}
