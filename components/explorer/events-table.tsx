import { Hash } from '#components/ui/hash.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { EventRow } from '#lib/explorer/types.ts';
import { EventText } from './event-text.tsx';

/** Chain events in words, with block and transaction. */
export function EventsTable({ label, rows }: { label: string; rows: readonly EventRow[] }) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>When</Th>
          <Th numeric>Block</Th>
          <Th>What happened</Th>
          <Th>Event</Th>
          <Th>Transaction</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={`${row.blockNumber}.${row.logIndex}`}>
            <Td className="text-muted">{row.at ? <TimeAgo at={row.at} /> : '–'}</Td>
            <Td numeric>{row.blockNumber}</Td>
            <Td className="min-w-72">
              <EventText row={row} />
            </Td>
            <Td className="text-xs text-muted">{row.name}</Td>
            <Td>
              <Hash value={row.txHash} what="transaction" href={`/explorer?kind=events&tx=${row.txHash}`} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
