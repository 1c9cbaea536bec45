import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import type { Tone } from '#components/ui/badge.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { PeriodState, PeriodView } from '#lib/rewards/types.ts';

const states: Record<PeriodState, { tone: Tone; words: string }> = {
  closed: { tone: 'info', words: 'collecting payments' },
  claimed: { tone: 'info', words: 'posting the root' },
  unseen: { tone: 'info', words: 'sent, not seen on chain yet' },
  pending: { tone: 'warn', words: 'can be challenged' },
  frozen: { tone: 'bad', words: 'challenged: frozen' },
  active: { tone: 'good', words: 'claimable' },
  revoked: { tone: 'bad', words: 'revoked' },
};

/** A period's state in words. */
export function PeriodStatus({ period }: { period: Pick<PeriodView, 'state' | 'activeAt'> }) {
  const { tone, words } = states[period.state];
  return (
    <Status tone={tone} live={tone === 'info'}>
      {words}
      {period.state === 'pending' && period.activeAt && (
        <>
          , claimable <TimeAgo at={period.activeAt} />
        </>
      )}
    </Status>
  );
}

/** Reward periods, newest first. */
export function PeriodsTable({ periods }: { periods: PeriodView[] }) {
  return (
    <Table label="Reward periods">
      <thead>
        <tr>
          <Th>Period</Th>
          <Th>State</Th>
          <Th>Closed</Th>
          <Th numeric>Answers</Th>
          <Th numeric>Fees</Th>
          <Th numeric>To earners</Th>
          <Th>Root</Th>
        </tr>
      </thead>
      <tbody>
        {periods.map((period) => (
          <Tr key={period.id}>
            <Td>
              <Link className="link figures" href={`/rewards/periods/${period.number}`}>
                {period.number}
              </Link>
            </Td>
            <Td>
              <PeriodStatus period={period} />
            </Td>
            <Td>
              <TimeAgo at={period.closedAt} />
            </Td>
            <Td numeric>{period.receiptCount}</Td>
            <Td numeric>
              <Amount wei={period.grossWei} />
            </Td>
            <Td numeric>
              <Amount wei={period.netWei} />
            </Td>
            <Td>
              <Hash value={period.root} copy={false} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
