import { bookPeriod } from './book-period.ts';
import { closePeriod, type Period } from './close-period.ts';
import { collectVouchers, flushRouter } from './collect-vouchers.ts';
import { dropUncollected } from './drop-uncollected.ts';
import { assertUnchallenged, holdChallenged } from './hold-challenged.ts';
import { releaseRevoked } from './release-revoked.ts';
import type { SettlementDeps } from './settlement-deps.ts';
import { submitPeriod } from './submit-period.ts';

/**
 * Settles one reward period: close → leave out what was challenged → claim vouchers → flush → drop what could not be collected → book who earned what →
 * submit the root. Each step may run twice and the process may die anywhere: the next call finds the unfinished period and
 * goes on. Returns the submitted period, or null when there is nothing to settle.
 *
 * Throws SettlementNotReadyError (try again in seconds), TransactionPendingError, PeriodNotFundedError,
 * BondNotCoveredError, TransactionRevertedError.
 */
export async function settleRewardPeriod(deps: SettlementDeps): Promise<Period | null> {
  const step = async (name: string) => {
    await deps.onStep?.(name);
  };
  await releaseRevoked(deps);
  let period = await closePeriod(deps);
  if (!period) return null;
  await step('closed');
  period = await holdChallenged(deps, period);
  if (!period) return null;
  // Also when the period is booked already: after a reorg the same stored transactions go out again.
  await collectVouchers(deps, period);
  await step('collected');
  await flushRouter(deps, period);
  await step('flushed');
  if (period.status === 'closed') {
    period = await dropUncollected(deps, period);
    if (!period) return null;
    await step('checked');
    period = await bookPeriod(deps, period);
    await step('booked');
  }
  await assertUnchallenged(deps, period);
  const submitted = await submitPeriod(deps, period);
  await step('submitted');
  deps.log.info(
    {
      period: submitted.id,
      number: submitted.number,
      receipts: submitted.receiptCount,
      netWei: submitted.netWei.toString(),
    },
    'reward period submitted',
  );
  return submitted;
}
