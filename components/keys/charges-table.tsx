import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { UsedCharge } from '#lib/serving/types.ts';

const kinds = { training: 'Training', task: 'Task of an app', pass: 'Access pass' } as const;
const hrefs = { training: '/runs', task: '/tasks', pass: '/models' } as const;

/** The newest charges that are no answers, each with what it was for and its receipt. */
export function ChargesTable({ charges }: { charges: UsedCharge[] }) {
  return (
    <Section title="Trainings, tasks and passes">
      <Table label="Trainings, tasks and passes">
        <thead>
          <tr>
            <Th>What</Th>
            <Th>For</Th>
            <Th numeric>Paid</Th>
            <Th>When</Th>
            <Th>Receipt</Th>
            <Th>Key</Th>
          </tr>
        </thead>
        <tbody>
          {charges.map(({ id, kind, at, ref, name, key, outcome, receiptId, feeWei }) => (
            <Tr key={id}>
              <Td className="whitespace-nowrap">{kinds[kind]}</Td>
              <Td>
                <Link className="link break-words" href={`${hrefs[kind]}/${ref}`}>
                  {name}
                </Link>
              </Td>
              <Td numeric>
                <Amount wei={feeWei} />
              </Td>
              <Td className="whitespace-nowrap text-muted">
                <TimeAgo at={at} />
              </Td>
              <Td>
                {receiptId ? (
                  <Link className="link figures" href={`/receipts/${receiptId}`}>
                    {receiptId.slice(-8)}
                  </Link>
                ) : (
                  <span className="text-muted">{outcome === 'held' ? 'held' : 'none'}</span>
                )}
              </Td>
              <Td className="text-muted">{key ?? 'on the site'}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
