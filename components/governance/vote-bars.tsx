import { Progress } from '#components/ui/progress.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { tally } from '#lib/governance/rules.ts';
import type { ProposalView } from '#lib/governance/types.ts';
import { formatOpenShort } from '#lib/kernel/money.ts';

const votes = (wei: bigint) => formatOpenShort(wei, 2);

/** The count so far and how far the quorum is: the quorum is for and abstain, the decision is for against. */
export function VoteBars({ proposal }: { proposal: ProposalView }) {
  const { countedWei, missingWei, wouldPass } = tally(proposal);
  const { forWei, againstWei, abstainWei } = proposal.votes;
  const reached = proposal.quorumWei === 0n ? 1 : Number((countedWei * 10_000n) / proposal.quorumWei) / 10_000;
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat label="For" value={votes(forWei)} />
        <Stat label="Against" value={votes(againstWei)} />
        <Stat label="Abstain" value={votes(abstainWei)} />
        <Stat
          label="Quorum"
          value={votes(proposal.quorumWei)}
          note={missingWei === 0n ? 'reached' : `${votes(missingWei)} are missing`}
        />
      </StatRow>
      <div className="flex flex-col gap-2">
        <Progress value={reached} label="Quorum" />
        <p className="text-sm text-muted" data-testid="tally">
          {votes(countedWei)} of {votes(proposal.quorumWei)} votes for the quorum.{' '}
          {proposal.state === 'active' &&
            (wouldPass ? 'As it stands it would be accepted.' : 'As it stands it would not be accepted.')}
        </p>
      </div>
    </div>
  );
}
