import { poolPayouts } from '#db/schema/datanet-fees.ts';
import { setAlarm } from '#lib/platform/alarms/set-alarm.ts';
import { type DuePayout, findDuePayout } from './find-due-payout.ts';
import { payStakers } from './pay-stakers.ts';
import { releaseEmissions } from './release-emissions.ts';
import type { SettlementDeps } from './settlement-deps.ts';

/**
 * After an epoch's window: brings the leaves of stake pools' vaults to their stakers, and releases the emissions that the fees of
 * their Datanets allow. Both are cumulative and open to anyone; this only sees to it that somebody does it, once an epoch. Killed
 * anywhere it runs again: transactions have keys. A pool that a contract refuses (slashed to nothing) holds up no other; its money
 * stays in its vault, an alarm says so, and the next epoch tries again. Returns what was paid, or null when nothing was due.
 */
export async function payPools(
  deps: SettlementDeps,
): Promise<(DuePayout & { stakersWei: bigint; emissionWei: bigint }) | null> {
  const due = await findDuePayout(deps);
  if (!due) return null;
  const stakers = await payStakers(deps, due);
  await deps.onStep?.('stakers-paid');
  const emissions = await releaseEmissions(deps, due);
  await deps.onStep?.('emissions-released');
  const refused = [...stakers.refused, ...emissions.refused].join('; ') || null;
  const paid = { stakersWei: stakers.paidWei, emissionWei: emissions.paidWei };
  await deps.db
    .insert(poolPayouts)
    .values({ periodId: due.period.id, ...paid, refused, paidAt: deps.now() })
    .onConflictDoNothing();
  await setAlarm(deps, { key: 'pools', message: refused && `Stake pools could not be paid: ${refused}` });
  return { ...due, ...paid };
}
