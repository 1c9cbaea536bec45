'use client';

import { Amount } from '#components/ui/amount.tsx';
import { Progress } from '#components/ui/progress.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { useRunningClock } from '#components/ui/use-running-clock.ts';
import { unbondingState } from '#lib/staking/rules.ts';
import { durationWords } from './duration-words.ts';

/**
 * The way of stake that leaves: asked for, waiting until a moment in words and local time, withdrawable. `nowMs` is the chain's
 * time when the page was made; from then on it runs with the reader's clock, whatever that clock says it is.
 */
export function UnbondingTimeline(props: {
  unbondingWei: bigint;
  withdrawableAt: Date;
  unbondingSeconds: number;
  nowMs: number;
}) {
  const { unbondingWei, withdrawableAt, unbondingSeconds } = props;
  const nowMs = useRunningClock(props.nowMs);
  const state = unbondingState(withdrawableAt, unbondingSeconds, nowMs);
  if (state.phase === 'none') return null;
  const isDone = state.phase === 'withdrawable';
  return (
    <div className="flex flex-col gap-2" data-unbonding={state.phase}>
      <p className="text-sm">
        <Amount wei={unbondingWei} /> {isDone ? 'can be withdrawn since' : 'can be withdrawn from'}{' '}
        <TimeAgo at={withdrawableAt} mode="date" />
        {!isDone && <>, in {durationWords(state.secondsLeft)}</>}. Until you withdraw it a slash still reaches it.
      </p>
      <Progress value={isDone ? 1 : state.passed} label="Time passed until the withdrawal" />
    </div>
  );
}
