import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
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
        {items.map(({ id, kind, title, datanet, state, onChain }) => (
          <Tr key={id}>
            <Td className="min-w-44 py-3">
              <Link href={`/bounties/${id}`} className="link font-medium">
                {title}
              </Link>
              <span className="block text-xs text-muted">{kind === 'data' ? 'rows' : 'a training, paid by many'}</span>
            </Td>
            <Td className="hidden md:table-cell">
              <Link href={`/datanets/${datanet.slug}`} className="link">
                {datanet.title}
              </Link>
            </Td>
            <Td>
              <BountyStatus state={state} />
            </Td>
            <Td numeric>{onChain ? <Amount wei={onChain.fundedWei} /> : '-'}</Td>
            <Td numeric className="hidden sm:table-cell">
              {onChain ? <Amount wei={onChain.awardedWei} /> : '-'}
            </Td>
            <Td className="hidden whitespace-nowrap lg:table-cell">
              {onChain ? <TimeAgo at={onChain.terms.deadline} /> : '-'}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
