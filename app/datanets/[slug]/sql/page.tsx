import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { RowsClosed } from '#components/access/rows-closed.tsx';
import { SqlConsole } from '#components/datanets/sql/sql-console.tsx';
import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { findViewerVersion } from '#lib/dataset-viewer/find-viewer-version.ts';
import { requestVersionExport } from '#lib/dataset-viewer/request-version-export.ts';
import { loadAccess } from '../../_access.ts';
import { loadDatanet } from '../../_data.ts';

type Props = { params: Promise<{ slug: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadDatanet((await params).slug);
  return { title: loaded ? `SQL over ${loaded.datanet.title}` : 'SQL' };
}

/** Questions in SQL over the newest version's rows, computed in the reader's browser. */
export default async function SqlPage({ params }: Props) {
  const loaded = await loadDatanet((await params).slug);
  if (!loaded) notFound();
  const { datanet } = loaded;
  return (
    <Page
      title="Ask the rows in SQL"
      eyebrow={
        <Link href={`/datanets/${datanet.slug}`} className="link">
          {datanet.title}
        </Link>
      }
      intro="Count, group and search a version’s rows. It is computed in your browser: no question is sent to anybody."
    >
      <Console datanet={datanet} />
    </Page>
  );
}

async function Console({ datanet }: { datanet: DatanetDetail }) {
  const access = await loadAccess(datanet.id);
  if (access.tier === 'encrypted' || !access.mayRead) return <RowsClosed slug={datanet.slug} tier={access.tier} />;
  if (!datanet.latestVersion) {
    return <EmptyState title="No version yet">The console reads a frozen version, and there is none yet.</EmptyState>;
  }
  const deps = buildDeps();
  const version = await findViewerVersion(deps.db, { dataset: datanet.id });
  const made = await requestVersionExport(deps, version);
  if (!made) {
    return (
      <EmptyState title="The version’s files are being made">
        This takes seconds, for a million rows a minute. The page goes on by itself.
        <RefreshWhile everyMs={3_000} />
      </EmptyState>
    );
  }
  const base = `/api/v1/datanets/${datanet.slug}/versions/${version.number}/parquet`;
  const names = version.columns.map(({ name, type }) => `${name} (${type === 'timestamp' ? 'time, UTC' : 'text'})`);
  return (
    <div className="flex max-w-4xl flex-col gap-5">
      <p className="text-sm">
        Version {version.number}, {version.rowCount.toLocaleString('en')} rows. Columns:{' '}
        <span className="figures text-xs">{names.join(', ')}</span>
      </p>
      <SqlConsole
        files={made.shards.map(({ filename }) => `${base}/${filename}`)}
        rowCount={version.rowCount}
        first={
          'select contributor, count(*) as rows, round(avg(length(completion))) as letters\nfrom rows\ngroup by contributor\norder by rows desc\nlimit 20'
        }
      />
    </div>
  );
}
