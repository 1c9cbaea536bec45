import { Status } from '#components/ui/status.tsx';
import { isAllAwarded } from '#lib/bounties/rules.ts';
import type { BountyState, BountySummary } from '#lib/bounties/types.ts';

const words: Record<BountyState, { tone: 'neutral' | 'good' | 'warn' | 'info'; text: string }> = {
  unopened: { tone: 'neutral', text: 'no money yet' },
  funding: { tone: 'info', text: 'money comes in' },
  awarding: { tone: 'good', text: 'awards can be made' },
  missed: { tone: 'warn', text: 'target missed, money goes back' },
  over: { tone: 'neutral', text: 'over' },
};

/** Where a bounty stands, in words. */
export function BountyStatus({ bounty }: { bounty: Pick<BountySummary, 'state' | 'onChain'> }) {
  const { tone, text } = isAllAwarded(bounty) ? allAwarded : words[bounty.state];
  // In a list on a phone the longest takes two lines, where one would be cut.
  return (
    <Status wrap tone={tone}>
      {text}
    </Status>
  );
}

const allAwarded = { tone: 'neutral', text: 'all awarded' } as const;
