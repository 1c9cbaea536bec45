import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { isAllAwarded } from '#lib/bounties/rules.ts';
import type { BountySummary } from '#lib/bounties/types.ts';
import { BountyStatus } from './state-words.tsx';

/** Bounties as lines: what is wanted, where, how much stands behind it, until when. */
export function BountyTable({ items }: { items: readonly BountySummary[] }) {
  return (
    <Table label="Bounties">
      <thead>
        <tr>
          <Th>Wanted</Th>
          <Th className="hidden md:table-cell">Datanet</Th>
          <Th>State</Th>
          <Th numeric>Given</Th>
          <Th numeric className="hidden sm:table-cell">
            Awarded
          </Th>
          <Th className="hidden lg:table-cell">Ends</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((bounty) => (
          <Tr key={bounty.id}>
            <Td className="min-w-32 py-3 sm:min-w-44">
              <Link href={`/bounties/${bounty.id}`} className="link font-medium">
                {bounty.title}
              </Link>
              <span className="block text-xs text-muted">
                {bounty.kind === 'data' ? 'rows' : 'a training, paid by many'}
              </span>
            </Td>
            <Td className="hidden md:table-cell">
              <Link href={`/datanets/${bounty.datanet.slug}`} className="link">
                {bounty.datanet.title}
              </Link>
            </Td>
            <Td>
              <BountyStatus bounty={bounty} />
            </Td>
            <Td numeric>{bounty.onChain ? <Amount wei={bounty.onChain.fundedWei} /> : '-'}</Td>
            <Td numeric className="hidden sm:table-cell">
              {bounty.onChain ? <Amount wei={bounty.onChain.awardedWei} /> : '-'}
            </Td>
            <Td className="hidden whitespace-nowrap lg:table-cell">
              {hasEnd(bounty) ? <TimeAgo at={bounty.onChain!.terms.deadline} /> : '-'}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Where nothing can be awarded any more, the day on which awards would have ended says nothing. */
const hasEnd = (bounty: BountySummary) => bounty.onChain !== null && bounty.state !== 'missed' && !isAllAwarded(bounty);
