import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { VersionChanges } from '#components/datanets/version-changes.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { compareVersions } from '#lib/datanets/compare-versions.ts';
import { listVersions } from '#lib/datanets/list-versions.ts';
import { loadDatanet } from '../../_data.ts';
import { hrefWith, readParams, type SearchParams } from '../../_href.ts';
import { DatanetFrame } from '../_header.tsx';
import { ChooseVersions } from './_choose-versions.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadDatanet((await params).slug);
  return { title: loaded ? `Compare versions of ${loaded.datanet.title}` : 'Compare versions' };
}

/** Two versions of a Datanet, row by row: without a choice the newest against the one before. */
export default async function ComparePage({ params, searchParams }: Props) {
  const loaded = await loadDatanet((await params).slug);
  if (!loaded) notFound();
  const { datanet } = loaded;
  const deps = buildDeps();
  const [query, versions] = await Promise.all([readParams(searchParams), listVersions(deps.db, datanet.id)]);
  const numbers = versions.map(({ number }) => number);
  const [to, from] = [chosen(query.to, numbers) ?? numbers[0], chosen(query.from, numbers) ?? numbers[1]];
  if (from === undefined || to === undefined) {
    return (
      <DatanetFrame datanet={datanet} tab="versions">
        <EmptyState title="Nothing to compare yet">
          This Datanet has {numbers.length === 0 ? 'no version' : 'one version'}; it takes two.
        </EmptyState>
      </DatanetFrame>
    );
  }
  const base = `/datanets/${datanet.slug}/compare`;
  const comparison = await compareVersions(deps, await getActor(), {
    slug: datanet.slug,
    from,
    to,
    after: query.after,
    limit: 100,
  });
  return (
    <DatanetFrame datanet={datanet} tab="versions">
      <div className="flex flex-col gap-6">
        <ChooseVersions action={base} numbers={numbers} from={from} to={to} />
        <VersionChanges comparison={comparison} fields={datanet.fields} slug={datanet.slug} />
        <Pagination
          label="Pages of changes"
          firstHref={query.after && hrefWith(base, { from, to })}
          nextHref={comparison.nextCursor ? hrefWith(base, { from, to, after: comparison.nextCursor }) : undefined}
        />
      </div>
    </DatanetFrame>
  );
}

function chosen(text: string | undefined, numbers: readonly number[]): number | undefined {
  return numbers.find((number) => String(number) === text);
}
