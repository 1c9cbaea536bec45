import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { ExampleDetail } from '#lib/contributions/types.ts';
import { ExampleStatusLabel } from './example-status.tsx';
import { improvementWords, roleWords } from './role-words.ts';

/** Who worked on a row with their parts of what it earns, and what was made from it. */
export function RowLineage({ example, you }: { example: ExampleDetail; you: string | null }) {
  return (
    <section>
      <h2 className="title-small mb-2">Who made it, and their parts of what it earns</h2>
      <Table label="People who worked on this row">
        <thead>
          <tr>
            <Th>Account</Th>
            <Th>What they did</Th>
            <Th numeric>Part</Th>
          </tr>
        </thead>
        <tbody>
          {example.lineage.map(({ account, handle, role, sharePpm }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: acts have an order and no other name
            <Tr key={i}>
              <Td>
                <Address address={account} handle={handle} you={account === you} copy={false} />
              </Td>
              <Td>{roleWords[role]}</Td>
              <Td numeric>{(sharePpm / 10_000).toFixed(2)} %</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {example.improvements.length > 0 && (
        <ul className="mt-3 flex flex-col gap-1 text-sm">
          {example.improvements.map(({ exampleId, role, status }) => (
            <li key={exampleId} className="flex flex-wrap items-center gap-x-3">
              <Link className="link" href={`/datanets/${example.datanetSlug}/rows/${exampleId}`}>
                A {improvementWords[role]}
              </Link>
              <ExampleStatusLabel status={status} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
