import { Amount } from '#components/ui/amount.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { PeriodState, PoolPayoutView } from '#lib/rewards/types.ts';

/** What stake pools got of a period: paid, refused, or still to come. */
export function PoolPayout({ payout, state }: { payout: PoolPayoutView | null; state: PeriodState }) {
  if (!payout) return <p className="text-muted">{waiting(state)}</p>;
  return (
    <>
      <StatRow>
        <Stat label="Fees to stakers" value={<Amount wei={payout.stakersWei} digits={6} />} />
        <Stat label="Emissions beside them" value={<Amount wei={payout.emissionWei} digits={6} />} />
      </StatRow>
      {payout.refused && (
        <p className="mt-4">
          Not paid: {payout.refused}. The money stays in the pool’s vault, and the next period tries again.
        </p>
      )}
    </>
  );
}

function waiting(state: PeriodState): string {
  if (state === 'revoked') return 'This period was revoked. The next one carries what it owed.';
  if (state === 'active')
    return 'The window is over. Pools are paid within the minute, or were paid along with a later period.';
  return 'Pools are paid when the challenge window is over.';
}
