import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { StatementRow } from '#lib/rewards/types.ts';
import { earningRoleNames } from './earning-role-names.ts';

/** One line an answer and role, or a common pool, newest first. */
export function StatementTable({ rows }: { rows: StatementRow[] }) {
  return (
    <Table label="Statement">
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Receipt</Th>
          <Th>Model</Th>
          <Th>For</Th>
          <Th>Period</Th>
          <Th numeric>Amount</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <Td>
              <TimeAgo at={row.at} />
            </Td>
            <Td>
              {row.receiptId ? (
                <Hash value={row.receiptId} href={`/receipts/${row.receiptId}`} copy={false} what="receipt id" />
              ) : (
                <span className="text-muted">answers without a source</span>
              )}
            </Td>
            <Td>
              {row.modelSlug === null ? (
                sourceOf(row)
              ) : (
                <Link className="link" href={`/models/${row.modelSlug}`}>
                  {row.modelSlug}
                </Link>
              )}
            </Td>
            <Td>{earningRoleNames[row.role]}</Td>
            <Td>{row.periodNumber}</Td>
            <Td numeric>
              <Amount wei={row.amountWei} digits={6} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What was paid for, where it is no answer of a model. */
function sourceOf({ receiptId }: StatementRow): string {
  return receiptId?.startsWith('rtk_') ? 'an app’s task' : 'a training';
}
