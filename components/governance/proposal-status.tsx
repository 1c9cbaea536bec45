import type { Tone } from '#components/ui/badge.tsx';
import { Status } from '#components/ui/status.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ProposalState, ProposalView } from '#lib/governance/types.ts';

const states: Record<ProposalState, { tone: Tone; words: string }> = {
  pending: { tone: 'info', words: 'voting from' },
  active: { tone: 'accent', words: 'voting until' },
  canceled: { tone: 'neutral', words: 'cancelled' },
  defeated: { tone: 'neutral', words: 'not accepted' },
  succeeded: { tone: 'good', words: 'accepted, waits to be queued' },
  queued: { tone: 'warn', words: 'waits in its timelock until' },
  expired: { tone: 'neutral', words: 'expired' },
  executed: { tone: 'good', words: 'executed' },
};

/** A proposal's state in words, with the moment that ends it: as a date, which stays true on a page that was left open. */
export function ProposalStatus({
  proposal,
}: {
  proposal: Pick<ProposalView, 'state' | 'snapshotAt' | 'deadlineAt' | 'etaAt'>;
}) {
  const { state, snapshotAt, deadlineAt, etaAt } = proposal;
  const { tone, words } = states[state];
  const clock = { pending: snapshotAt, active: deadlineAt, queued: etaAt }[state as string];
  return (
    <span data-proposal={state}>
      <Status tone={tone} live={state === 'active'}>
        {words} {clock && <TimeAgo at={clock} mode="date" />}
      </Status>
    </span>
  );
}
