import { type Address, type Hex, parseEventLogs } from 'viem';
import { emissionControllerAbi } from '#contracts-abi/emission-controller.ts';
import type { DatanetFee } from '#lib/kernel/datanet-fee-leaf.ts';
import { receiptProof } from '#lib/kernel/epoch-root.ts';
import { TransactionRevertedError } from '#lib/platform/chain/errors.ts';
import { sendOnce } from '#lib/platform/chain/sender.ts';
import type { DuePayout, PaidPools } from './find-due-payout.ts';
import { getReceiptsTree } from './get-receipts-tree.ts';
import type { SettlementDeps } from './settlement-deps.ts';

/** Not a fault: no gauge, no new fees, or the week's budget is used up. */
const nothing = 'EmissionNothingToRelease';

/**
 * Releases to the stakers of the period's Datanets what the EmissionController matches to the fees that their answers paid: never
 * more than those fees (EmissionController.sol, WASH TRADE), within the week's gauges.
 */
export async function releaseEmissions(deps: SettlementDeps, due: DuePayout): Promise<PaidPools> {
  const address = deps.deployment.addresses.emissionController;
  const paid: PaidPools = { paidWei: 0n, refused: [] };
  if (!address) return paid;
  const { fees, tree } = await getReceiptsTree(deps.db, due.period);
  for (const { index, ...fee } of fees) {
    try {
      paid.paidWei += await release(deps, address, due, fee, receiptProof(tree, index, due.period.root as Hex));
    } catch (error) {
      if (!(error instanceof TransactionRevertedError)) throw error;
      if (error.errorName !== nothing) paid.refused.push(`emission for Datanet ${fee.datanet}: ${error.errorName}`);
    }
  }
  return paid;
}

async function release(
  deps: SettlementDeps,
  address: Address,
  { epochId, period }: DuePayout,
  { datanet, cumulativeWei }: DatanetFee,
  proof: readonly Hex[],
): Promise<bigint> {
  const { logs } = await sendOnce(deps, {
    key: `release:${period.id}:${datanet}`,
    ...{ address, abi: emissionControllerAbi, functionName: 'release' },
    args: [datanet, epochId, cumulativeWei, proof],
  });
  const released = parseEventLogs({ abi: emissionControllerAbi, eventName: 'Released', logs });
  return released.reduce((sum, { args }) => sum + args.amount, 0n);
}
