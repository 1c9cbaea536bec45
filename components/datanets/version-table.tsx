import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { VersionView } from '#lib/datanets/types.ts';

/** Frozen versions, newest first, with their proof on chain and what was trained on them. */
export function VersionTable({
  slug,
  versions,
  waitsFor,
  mayRead,
  mayTrain,
}: {
  slug: string;
  versions: readonly VersionView[];
  /** Who brings a version on chain. */
  waitsFor: 'the owner' | 'its curators';
  /** Whether this reader gets the rows as files, and may train on them here. */
  mayRead: boolean;
  mayTrain: boolean;
}) {
  return (
    <Table label="Versions">
      <thead>
        <tr>
          <Th numeric>Version</Th>
          <Th numeric>Rows</Th>
          <Th numeric className="hidden sm:table-cell">
            Authors
          </Th>
          <Th>On chain</Th>
          <Th>Root over its rows</Th>
          <Th className="hidden lg:table-cell">Frozen</Th>
          <Th className="hidden md:table-cell">Models</Th>
          {mayRead && <Th>Rows as files</Th>}
        </tr>
      </thead>
      <tbody>
        {versions.map((version) => (
          <Tr key={version.id}>
            <Td numeric>{version.number}</Td>
            <Td numeric>{version.rowCount.toLocaleString('en')}</Td>
            <Td numeric className="hidden sm:table-cell">
              {version.contributorCount}
            </Td>
            <Td>
              {version.anchor ? (
                <Link
                  href={`/explorer?tx=${version.anchor.txHash}`}
                  title={`Block ${version.anchor.blockNumber}, batch ${version.anchor.batch}`}
                >
                  <Status tone="good">block {version.anchor.blockNumber}</Status>
                </Link>
              ) : (
                <Status tone="warn" live>
                  waits for {waitsFor}
                </Status>
              )}
            </Td>
            <Td>
              <Hash value={version.root} what="root" />
            </Td>
            <Td className="hidden whitespace-nowrap text-muted lg:table-cell">
              <TimeAgo at={version.createdAt} /> by <Address address={version.frozenBy} copy={false} />
            </Td>
            <Td className="hidden md:table-cell">
              {version.models.length === 0 && mayTrain ? (
                <Link href={`/models/new?version=${version.id}`} className="link">
                  train one
                </Link>
              ) : (
                version.models.map((model) => (
                  <Link key={model.slug} href={`/models/${model.slug}`} className="link block">
                    {model.name}
                  </Link>
                ))
              )}
            </Td>
            {mayRead && (
              <Td>
                <span className="flex flex-wrap gap-x-3 gap-y-2">
                  <a
                    href={`${filesOf(slug, version.number)}/rows.jsonl`}
                    className="link inline-block min-h-6"
                    download
                  >
                    JSON Lines
                  </a>
                  <a
                    href={`${filesOf(slug, version.number)}/parquet/0000.parquet`}
                    className="link inline-block min-h-6"
                    download
                  >
                    Parquet
                  </a>
                  <a
                    href={`${filesOf(slug, version.number)}/rows.csv`}
                    className="link inline-block min-h-6 min-w-6"
                    download
                  >
                    CSV
                  </a>
                </span>
              </Td>
            )}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

const filesOf = (slug: string, number: number): string => `/api/v1/datanets/${slug}/versions/${number}`;
