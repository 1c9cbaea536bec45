import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ActiveDatanetRow, EarnerRow, LiveModelRow } from '#lib/explorer/types.ts';

export function EarnersTable({ rows }: { rows: readonly EarnerRow[] }) {
  return (
    <Table label="Earners">
      <thead>
        <tr>
          <Th>Account</Th>
          <Th numeric>Answers</Th>
          <Th numeric>Earned</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.account}>
            <Td>
              <Address address={row.account} href={`/explorer?kind=answers&account=${row.account}`} />
            </Td>
            <Td numeric>{row.answers}</Td>
            <Td numeric>
              <Amount wei={row.earnedWei} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

export function ActiveDatanetsTable({ rows }: { rows: readonly ActiveDatanetRow[] }) {
  return (
    <Table label="Active Datanets">
      <thead>
        <tr>
          <Th>Datanet</Th>
          <Th>Owner</Th>
          <Th numeric>Rows</Th>
          <Th>Last active</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.slug}>
            <Td>
              <Link href={`/datanets/${row.slug}`} className="link">
                {row.title}
              </Link>
            </Td>
            <Td>
              <Address address={row.owner} copy={false} />
            </Td>
            <Td numeric>{row.rowCount}</Td>
            <Td className="text-muted">
              <TimeAgo at={row.lastActiveAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

export function LiveModelsTable({ rows }: { rows: readonly LiveModelRow[] }) {
  return (
    <Table label="Live models">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Owner</Th>
          <Th>Published</Th>
          <Th>Transaction</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.slug}>
            <Td>
              <Link href={`/models/${row.slug}`} className="link">
                {row.name}
              </Link>
            </Td>
            <Td>
              <Address address={row.owner} copy={false} />
            </Td>
            <Td className="text-muted">{row.publishedAt ? <TimeAgo at={row.publishedAt} /> : '–'}</Td>
            <Td>
              <Hash value={row.txHash} what="transaction" href={`/explorer?kind=events&tx=${row.txHash}`} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
