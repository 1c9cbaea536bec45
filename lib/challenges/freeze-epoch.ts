import { eq } from 'drizzle-orm';
import { erc20Abi } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { sendOnce } from '#lib/platform/chain/sender.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findChainEpoch } from '#lib/rewards/find-chain-epoch.ts';

type FreezeDeps = Pick<Deps, 'db' | 'chain' | 'deployment' | 'operator' | 'log' | 'now' | 'randomBytes'>;

/**
 * A receipt that was found wrong stands in a period whose window is still open: the gateway challenges its own epoch on chain, with
 * the bond that the ledger asks of everybody, so that nobody claims from it until the court has decided. An epoch that is active
 * cannot be touched any more: what was once payable stays so. Returns whether an epoch was frozen; may run twice.
 */
export async function freezeEpoch(
  deps: FreezeDeps,
  input: { challengeId: string; receiptId: string },
): Promise<boolean> {
  const [row] = await deps.db
    .select({ root: rewardPeriods.root, status: rewardPeriods.status })
    .from(receipts)
    .innerJoin(rewardPeriods, eq(rewardPeriods.id, receipts.rewardPeriodId))
    .where(eq(receipts.id, input.receiptId));
  if (row?.status !== 'submitted') return false;
  const epoch = await findChainEpoch(deps, row.root as `0x${string}`);
  if (epoch === 'none' || epoch.state !== 'pending') return false;
  const { attributionLedger: address, openToken } = deps.deployment.addresses;
  const ledger = { address, abi: attributionLedgerAbi } as const;
  const bondWei = await deps.chain.readContract({
    ...ledger,
    ...({ functionName: 'challengeBondOf', args: [deps.operator.address] } as const),
  });
  const key = input.challengeId;
  const approval = { functionName: 'approve', args: [address, bondWei] };
  await sendOnce(deps, { key: `approve-challenge:${key}`, address: openToken, abi: erc20Abi, ...approval });
  const challenge = { functionName: 'challenge', args: [epoch.id, `receipt:${input.receiptId}`] };
  await sendOnce(deps, { key: `challenge:${key}`, ...ledger, ...challenge });
  deps.log.error(
    { epoch: epoch.id, receiptId: input.receiptId },
    'challenged an epoch of our own: a receipt in it is wrong',
  );
  return true;
}
