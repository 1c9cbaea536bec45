import type { Metadata } from 'next';
import { EventsTable } from '#components/explorer/events-table.tsx';
import { Page } from '#components/layout/page.tsx';
import { JournalTable } from '#components/transactions/journal-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Section } from '#components/ui/section.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { loadAccountEvents } from './_data.ts';

export const metadata: Metadata = { title: 'Transactions' };

/** What the reader's wallets sent from this browser, and what the chain tells of the account from wherever. */
export default async function TransactionsPage() {
  const data = await loadAccountEvents();
  return (
    <Page
      title="Transactions"
      intro="Every transaction goes on by itself, also when you close this page. A sped-up one is followed under its new number, and one that you cancelled in your wallet says so."
    >
      <Section title="Sent from this browser">
        <JournalTable />
      </Section>
      <Section
        title="Your account on chain"
        intro="What our contracts recorded about the account that is signed in, whichever browser or program sent it."
        action={
          data?.more && (
            <a className="link text-sm" href={`/explorer?kind=events&account=${data.account}`}>
              All of it
            </a>
          )
        }
      >
        {data === null && (
          <EmptyState title="Whose account?" action={<ConnectButton label="Connect wallet" />}>
            Connect a wallet to see what the chain tells of it. The explorer shows everybody’s.
          </EmptyState>
        )}
        {data?.events.length === 0 && (
          <EmptyState title="The chain does not know this account yet.">
            Its first deposit, claim or stake appears here within seconds of its block.
          </EmptyState>
        )}
        {data && data.events.length > 0 && <EventsTable label="Events of your account" rows={data.events} />}
      </Section>
    </Page>
  );
}
