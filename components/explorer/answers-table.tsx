import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { threadColor } from '#components/ui/thread-color.ts';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { AnswerRow } from '#lib/explorer/types.ts';

/** The ledger: each answer, who is paid for it by name, what it cost, and whether that was paid out. */
export function AnswersTable({ label, rows }: { label: string; rows: readonly AnswerRow[] }) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Model</Th>
          <Th>Paid by name</Th>
          <Th numeric>Price</Th>
          <Th>Paid by</Th>
          <Th>State</Th>
          <Th>
            <span className="sr-only">Receipt</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.inferenceId}>
            <Td className="text-muted">
              <TimeAgo at={row.at} />
            </Td>
            <Td className="max-w-56 truncate">
              <Link href={`/models/${row.modelSlug}`} className="link">
                {row.modelName}
              </Link>
            </Td>
            <Td>
              <ShareStrip row={row} />
            </Td>
            <Td numeric>
              {row.feeWei === 0n ? <span className="font-sans text-muted">free</span> : <Amount wei={row.feeWei} />}
            </Td>
            <Td>
              {row.payer ? <Address address={row.payer} copy={false} /> : <span className="text-muted">visitor</span>}
            </Td>
            <Td>{state(row)}</Td>
            <Td className="text-right">
              {row.receiptId && (
                <Link href={`/receipts/${row.receiptId}`} className="link">
                  Receipt
                </Link>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Shares as a strip in thread colours, with the count in words beside it. */
function ShareStrip({ row }: { row: AnswerRow }) {
  if (row.contributorCount === 0) return <span className="text-muted">{row.receiptId ? 'common pool' : '–'}</span>;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden className="flex h-2 w-20 overflow-hidden rounded-full bg-hairline">
        {row.contributors.map((share) => (
          <span
            key={share.address}
            style={{ width: `${share.sharePpm / 10_000}%`, background: threadColor(share.address) }}
          />
        ))}
      </span>
      <span className="text-muted">
        {row.contributorCount} {row.contributorCount === 1 ? 'person' : 'people'}
      </span>
    </span>
  );
}

function state(row: AnswerRow) {
  if (!row.receiptId) return <Status live>attributing</Status>;
  if (row.challenge === 'upheld') return <Status tone="bad">found wrong, frozen</Status>;
  if (row.challenge === 'queued') return <Status live>being checked again</Status>;
  if (row.feeWei === 0n) return <Status>free</Status>;
  if (row.rewardPeriodNumber === null) return <Status tone="info">waits for its period</Status>;
  return <Status tone="good">settled in period {row.rewardPeriodNumber}</Status>;
}
