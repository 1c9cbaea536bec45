import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { PoolPosition, PoolSubject } from '#lib/staking/types.ts';

/** Where an account has stake: at work, leaving, and earned. The three never count a wei twice. */
export function PositionsTable({ rows }: { rows: readonly { subject: PoolSubject; position: PoolPosition }[] }) {
  return (
    <Table label="Your stakes">
      <thead>
        <tr>
          <Th>Pool</Th>
          <Th numeric>Staked</Th>
          <Th numeric>Leaving</Th>
          <Th>Withdrawable</Th>
          <Th numeric>Rewards</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ subject, position }) => (
          <Tr key={subject.pool}>
            <Td className="min-w-48">
              <Link className="link" href={`/staking/${subject.pool}`}>
                {subject.name}
              </Link>
            </Td>
            <Td numeric>
              <Amount wei={position.stakedWei} />
            </Td>
            <Td numeric>
              <Amount wei={position.unbondingWei} />
            </Td>
            <Td>{position.withdrawableAt ? <TimeAgo at={position.withdrawableAt} mode="date" /> : '–'}</Td>
            <Td numeric>
              <Amount wei={position.rewardWei} digits={6} className="text-accent" />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
