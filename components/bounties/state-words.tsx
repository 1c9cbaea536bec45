import { Status } from '#components/ui/status.tsx';
import type { BountyState } from '#lib/bounties/types.ts';

const words: Record<BountyState, { tone: 'neutral' | 'good' | 'warn' | 'info'; text: string }> = {
  unopened: { tone: 'neutral', text: 'no money yet' },
  funding: { tone: 'info', text: 'money comes in' },
  awarding: { tone: 'good', text: 'awards can be made' },
  missed: { tone: 'warn', text: 'target missed, money goes back' },
  over: { tone: 'neutral', text: 'over' },
};

/** Where a bounty stands, in words. */
export function BountyStatus({ state }: { state: BountyState }) {
  return <Status tone={words[state].tone}>{words[state].text}</Status>;
}
