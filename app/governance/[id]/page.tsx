import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { ProposalCalls } from '#components/governance/proposal-calls.tsx';
import { ProposalStatus } from '#components/governance/proposal-status.tsx';
import { StepPanel } from '#components/governance/step-panel.tsx';
import { VoteBars } from '#components/governance/vote-bars.tsx';
import { VotePanel } from '#components/governance/vote-panel.tsx';
import { Page } from '#components/layout/page.tsx';
import { Address } from '#components/ui/address.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { GovernanceMissingError, ProposalNotFoundError } from '#lib/governance/errors.ts';
import { loadProposal } from '../_data.ts';

export const metadata: Metadata = { title: 'Proposal' };

/** One proposal: what it does in words and bytes, how the vote stands, and what the reader may do about it. */
export default async function ProposalPage({ params }: { params: Promise<{ id: string }> }) {
  const data = await loadProposal((await params).id).catch((error) => {
    if (error instanceof ProposalNotFoundError || error instanceof GovernanceMissingError) notFound();
    throw error;
  });
  const { proposal, calls, ballot, nowMs } = data;
  const mayStillVote = proposal.state === 'active' || proposal.state === 'pending';
  return (
    <Page
      title={proposal.title}
      eyebrow={<Link href="/governance">Governance</Link>}
      actions={<ProposalStatus proposal={proposal} />}
    >
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
        <span>
          by <Address address={proposal.proposer} />
        </span>
        <span>
          votes as of <TimeAgo at={proposal.snapshotAt} mode="date" />
        </span>
        <span>
          voting until <TimeAgo at={proposal.deadlineAt} mode="date" />
        </span>
        <Hash
          value={proposal.txHash}
          what="transaction"
          href={`/explorer?kind=events&tx=${proposal.txHash}`}
          copy={false}
        />
      </p>
      {proposal.body && <p className="prose-measure whitespace-pre-wrap">{proposal.body}</p>}
      <Section title="What it does">
        <ProposalCalls calls={calls} />
      </Section>
      <Section title="The vote">
        <VoteBars proposal={proposal} />
      </Section>
      {mayStillVote && (
        <Section title="Your vote">
          {ballot ? (
            <VotePanel proposal={proposal} ballot={ballot} />
          ) : (
            <ConnectButton label="Connect wallet to vote" />
          )}
        </Section>
      )}
      {(proposal.state === 'succeeded' || proposal.state === 'queued') && (
        <Section title="Next step">
          <StepPanel proposal={proposal} nowMs={nowMs} />
        </Section>
      )}
    </Page>
  );
}
