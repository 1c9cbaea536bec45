'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { transactionJournal } from '#components/wallet/transaction/transaction-journal.ts';
import { TransactionStatus } from '#components/wallet/transaction/transaction-status.tsx';
import { openStatuses } from '#components/wallet/transaction/types.ts';
import { useJournal } from '#components/wallet/transaction/use-journal.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';

const pageRows = 25;

/** What this browser sent with its wallets, newest first, each in its present state; open ones move while one looks. */
export function JournalTable() {
  const { config } = useWalletContext();
  const entries = useJournal();
  const [shown, setShown] = useState(pageRows);
  if (entries.length === 0) {
    return (
      <EmptyState
        title="This browser has sent nothing yet."
        action={<LinkButton href="/datanets">Find a Datanet</LinkButton>}
      >
        Whatever you sign here with a wallet stands in this list from the moment your wallet is asked until it is final.
      </EmptyState>
    );
  }
  const hasEnded = entries.some(({ state }) => !openStatuses.has(state.status));
  return (
    <div className="flex flex-col items-start gap-4">
      <Table label="Transactions sent from this browser" className="w-full">
        <thead>
          <tr>
            <Th>What</Th>
            <Th>State</Th>
            <Th>Asked</Th>
            <Th>Account</Th>
          </tr>
        </thead>
        <tbody>
          {entries.slice(0, shown).map((entry) => (
            <Tr key={entry.id} data-entry={entry.key}>
              <Td className="min-w-40">
                <Link href={entry.href} className="link">
                  {entry.title}
                </Link>
              </Td>
              <Td className="min-w-72">
                <TransactionStatus state={entry.state} />
              </Td>
              <Td className="text-muted">
                <TimeAgo at={entry.askedAtMs} />
              </Td>
              <Td>
                <Address address={entry.account} copy={false} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <div className="flex flex-wrap gap-2">
        {shown < entries.length && (
          <Button size="sm" onClick={() => setShown(shown + pageRows)}>
            Show {Math.min(pageRows, entries.length - shown)} more
          </Button>
        )}
        {hasEnded && (
          <Button size="sm" variant="quiet" onClick={() => transactionJournal.clearEnded(config.chainId)}>
            Clear what has ended
          </Button>
        )}
      </div>
    </div>
  );
}
