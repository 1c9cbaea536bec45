import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { ExampleRow } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { ExampleStatusLabel } from './example-status.tsx';

const whyClosed: Partial<Record<ExampleRow['status'], string>> = {
  withdrawn: 'Withdrawn by its author',
  pending: 'Waits: not published',
  rejected: 'Refused: not published',
};

/** Rows of a Datanet: its fields, who wrote them, what they have earned. The first field opens the row. */
export function RowTable({
  rows,
  fields,
  hrefOf,
  contributorHref,
  showStatus = false,
}: {
  rows: readonly ExampleRow[];
  fields: readonly DatanetField[];
  hrefOf: (id: string) => string;
  contributorHref: (address: string) => string;
  /** Where rows of several states stand together. */
  showStatus?: boolean;
}) {
  const [first, ...others] = fields;
  return (
    <Table label="Rows">
      <thead>
        <tr>
          <Th>{first?.label}</Th>
          {others.map((field) => (
            <Th key={field.name} className="hidden md:table-cell">
              {field.label}
            </Th>
          ))}
          {showStatus && <Th>State</Th>}
          <Th>Author</Th>
          <Th numeric>Earned</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.id} className="align-top">
            <Td className="w-2/5 min-w-40 py-2 align-top">
              <Link href={hrefOf(row.id)} scroll={false} className="link">
                {row.data?.[first?.name ?? ''] ?? whyClosed[row.status] ?? 'Private'}
              </Link>
              {row.reason && (row.status === 'rejected' || row.status === 'quarantined') && (
                <p className="mt-0.5 text-xs text-bad">
                  {row.status === 'rejected' ? 'Rejected' : 'Taken out'}: {row.reason}
                </p>
              )}
            </Td>
            {others.map((field) => (
              <Td key={field.name} className="hidden py-2 align-top text-muted md:table-cell">
                <span className="line-clamp-2">{row.data?.[field.name]}</span>
              </Td>
            ))}
            {showStatus && (
              <Td className="py-2 align-top">
                <ExampleStatusLabel status={row.status} />
              </Td>
            )}
            <Td className="py-2 align-top">
              <Address address={row.contributor} href={contributorHref(row.contributor)} copy={false} />
            </Td>
            <Td numeric className="py-2 align-top">
              <Amount wei={row.earnedWei} unit={false} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
