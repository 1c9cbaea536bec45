import type { Metadata } from 'next';
import { ParametersTable } from '#components/governance/parameters-table.tsx';
import { ProposalsTable } from '#components/governance/proposals-table.tsx';
import { ProposeForm, VotingPowerPanel } from '#components/governance/voter-parts.tsx';
import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Section } from '#components/ui/section.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { loadGovernance } from '../_data.ts';

export const metadata: Metadata = { title: 'Governance' };

/** Who decides about which numbers, how, and what is being decided. */
export default async function GovernancePage() {
  const data = await loadGovernance();
  return (
    <Page
      title="Governance"
      intro="Holders of GOPEN, which is wrapped OPEN, decide in public. What is accepted waits in a timelock before it holds, and no decision can move the bounds below or stop anybody from leaving."
    >
      {data === null ? (
        <EmptyState title="This chain has no Governor yet.">
          It comes with the next deployment of the contracts.
        </EmptyState>
      ) : (
        <>
          <Section title="Proposals">
            {data.proposals.length === 0 ? (
              <EmptyState title="Nothing was ever proposed.">A first proposal can be made below.</EmptyState>
            ) : (
              <ProposalsTable proposals={data.proposals} />
            )}
          </Section>
          <Section title="Parameters" intro="Read from the chain as this page was made. The bounds are code.">
            <ParametersTable parameters={data.parameters} />
          </Section>
          <Section title="Your votes">
            {data.voter ? (
              <VotingPowerPanel voter={data.voter} />
            ) : (
              <EmptyState title="Whose votes?" action={<ConnectButton label="Connect wallet" />}>
                Connect a wallet to wrap, delegate, vote and propose.
              </EmptyState>
            )}
          </Section>
          {data.voter && (
            <Section title="Propose a change">
              <ProposeForm parameters={data.parameters} voter={data.voter} />
            </Section>
          )}
        </>
      )}
    </Page>
  );
}
