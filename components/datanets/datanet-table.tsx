import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { DatanetSummary } from '#lib/datanets/types.ts';
import { domainName, languageName } from './domain-name.ts';

/** Datanets as lines: what it is, how much is in it, how fresh, what was built on it, what it has earned. */
export function DatanetTable({ items }: { items: readonly DatanetSummary[] }) {
  return (
    <Table label="Datanets">
      <thead>
        <tr>
          <Th>Datanet</Th>
          <Th className="hidden md:table-cell">Domain</Th>
          <Th numeric>Rows</Th>
          <Th numeric className="hidden sm:table-cell">
            Authors
          </Th>
          <Th className="hidden lg:table-cell">Last version</Th>
          <Th numeric className="hidden md:table-cell">
            Models
          </Th>
          <Th numeric>Earned</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Tr key={item.id}>
            <Td className="min-w-44 py-3">
              <Link href={`/datanets/${item.slug}`} className="link font-medium">
                {item.title}
              </Link>
              <p className="mt-0.5 max-w-[52ch] text-xs text-muted">{item.summary}</p>
            </Td>
            <Td className="hidden whitespace-nowrap md:table-cell">
              {domainName(item.domain)}
              <span className="block text-xs text-muted">{languageName(item.language)}</span>
            </Td>
            <Td numeric>{item.rowCount.toLocaleString('en')}</Td>
            <Td numeric className="hidden sm:table-cell">
              {item.contributorCount.toLocaleString('en')}
            </Td>
            <Td className="hidden whitespace-nowrap lg:table-cell">
              <LastVersion version={item.latestVersion} />
            </Td>
            <Td numeric className="hidden md:table-cell">
              {item.modelCount}
            </Td>
            <Td numeric>
              <Amount wei={item.earnedWei} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function LastVersion({ version }: { version: DatanetSummary['latestVersion'] }) {
  if (!version) return <span className="text-muted">none yet</span>;
  return (
    <>
      <Status tone={version.anchored ? 'good' : 'warn'}>
        v{version.number}, {version.anchored ? 'on chain' : 'being anchored'}
      </Status>
      <span className="block text-xs text-muted">
        <TimeAgo at={version.createdAt} />
      </span>
    </>
  );
}
