import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { tally } from '#lib/governance/rules.ts';
import type { ProposalView } from '#lib/governance/types.ts';
import { ProposalStatus } from './proposal-status.tsx';

/** Proposals, newest first, with votes and what the quorum still needs. */
export function ProposalsTable({ proposals }: { proposals: readonly ProposalView[] }) {
  return (
    <Table label="Proposals">
      <thead>
        <tr>
          <Th>Proposal</Th>
          <Th>State</Th>
          <Th numeric>For</Th>
          <Th numeric>Against</Th>
          <Th numeric>Quorum needs</Th>
          <Th>By</Th>
        </tr>
      </thead>
      <tbody>
        {proposals.map((proposal) => (
          <Tr key={proposal.id}>
            <Td className="min-w-36 sm:min-w-64">
              <Link className="link" href={`/governance/${proposal.id}`}>
                {proposal.title}
              </Link>
            </Td>
            <Td>
              <ProposalStatus proposal={proposal} />
            </Td>
            <Td numeric>
              <Amount wei={proposal.votes.forWei} unit={false} digits={2} />
            </Td>
            <Td numeric>
              <Amount wei={proposal.votes.againstWei} unit={false} digits={2} />
            </Td>
            <Td numeric>
              {tally(proposal).missingWei === 0n ? (
                'reached'
              ) : (
                <Amount wei={tally(proposal).missingWei} unit={false} digits={2} />
              )}
            </Td>
            <Td>
              <Address address={proposal.proposer} copy={false} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
