import { eq } from 'drizzle-orm';
import { erc20Abi, type Hex } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { TransactionRevertedError } from '#lib/platform/chain/errors.ts';
import { findRow, sendOnce } from '#lib/platform/chain/sender.ts';
import type { Period } from './close-period.ts';
import { BondNotCoveredError, SettlementNotReadyError } from './errors.ts';
import type { SettlementDeps } from './settlement-deps.ts';

/** Contract errors that pass by themselves: the window's spacing, an open dispute, too many pending epochs. */
const passing = new Set(['LedgerTooSoon', 'LedgerDisputed', 'LedgerTooManyPending', 'LedgerNotHead']);

/**
 * Last step: posts the root, with the bond that it needs. The transaction's key is the period, so it is posted once.
 * Throws SettlementNotReadyError when the contract takes no root at this moment.
 */
export async function submitPeriod(deps: SettlementDeps, period: Period): Promise<Period> {
  if (!(await findRow(deps.db, `submit:${period.id}`))) await ensureBond(deps, period);
  try {
    await sendSubmission(deps, period);
  } catch (error) {
    if (error instanceof TransactionRevertedError && passing.has(error.errorName)) {
      throw new SettlementNotReadyError(`${error.errorName}(${error.errorArgs.join(', ')})`, 5);
    }
    throw error;
  }
  const change = { status: 'submitted' as const, submittedAt: deps.now() };
  await deps.db.update(rewardPeriods).set(change).where(eq(rewardPeriods.id, period.id));
  return { ...period, ...change };
}

async function sendSubmission(deps: SettlementDeps, period: Period): Promise<void> {
  const address = deps.deployment.addresses.attributionLedger;
  const prev = await deps.chain.readContract({ address, abi: attributionLedgerAbi, functionName: 'headEpoch' });
  await sendOnce(
    deps,
    {
      key: `submit:${period.id}`,
      address,
      abi: attributionLedgerAbi,
      functionName: 'submit',
      args: [prev, period.root as Hex, period.receiptsRoot as Hex, period.totalWei, period.dataKey],
    },
    { onStep: (step) => deps.onStep?.(`submit-${step}`) },
  );
}

/** Tops the operator's bond up to what the contract asks for. */
async function ensureBond(deps: SettlementDeps, period: Period): Promise<void> {
  const { attributionLedger: address, openToken } = deps.deployment.addresses;
  const abi = attributionLedgerAbi;
  const owner = deps.operator.address;
  const needWei = await deps.chain.readContract({ address, abi, functionName: 'PUBLISHER_BOND' });
  const [haveWei, index] = await deps.chain.readContract({ address, abi, functionName: 'bonds', args: [owner] });
  // A bond credited by a dispute has no index until something is posted.
  if (haveWei >= needWei && index !== 0) return;
  const missingWei = haveWei >= needWei ? 0n : needWei - haveWei;
  const token = { address: openToken, abi: erc20Abi };
  const balanceWei = await deps.chain.readContract({ ...token, functionName: 'balanceOf', args: [owner] });
  if (balanceWei < missingWei) throw new BondNotCoveredError(balanceWei, missingWei);
  const allowedWei = await deps.chain.readContract({ ...token, functionName: 'allowance', args: [owner, address] });
  if (allowedWei < missingWei) {
    await sendOnce(deps, {
      key: `approve-bond:${period.id}`,
      ...token,
      functionName: 'approve',
      args: [address, missingWei],
    });
  }
  await sendOnce(deps, { key: `bond:${period.id}`, address, abi, functionName: 'postBond', args: [missingWei] });
}
