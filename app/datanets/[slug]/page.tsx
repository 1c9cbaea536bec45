import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { loadDatanet } from '../_data.ts';
import { readParams, type SearchParams } from '../_href.ts';
import { DatanetCard } from './_card.tsx';
import { ContributorsTab } from './_contributors-tab.tsx';
import { CroissantScript } from './_croissant.tsx';
import { DiscussionTab } from './_discussion-tab.tsx';
import { EarningsTab } from './_earnings-tab.tsx';
import { DatanetFrame, type DatanetTab, datanetTabs } from './_header.tsx';
import { isMix, MixPage } from './_mix.tsx';
import { ModelsTab } from './_models-tab.tsx';
import { RowsTab } from './_rows-tab.tsx';
import { VersionsTab } from './_versions-tab.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadDatanet((await params).slug);
  if (!loaded) return { title: 'Datanet' };
  const { title, summary, slug } = loaded.datanet;
  const types = { 'application/ld+json': `/datanets/${slug}/croissant` };
  return { title, description: summary, alternates: { types } };
}

/** One Datanet: its card, then the view that the address names. */
export default async function DatanetPage({ params, searchParams }: Props) {
  const loaded = await loadDatanet((await params).slug);
  if (!loaded) notFound();
  const { datanet, viewer } = loaded;
  if (isMix(datanet)) return <MixPage datanet={datanet} />;
  const query = await readParams(searchParams);
  const tab = datanetTabs.find((name) => name === query.tab) ?? 'rows';
  return (
    <DatanetFrame datanet={datanet} tab={tab} card={<DatanetCard datanet={datanet} viewer={viewer} />}>
      {tabView(tab, loaded, query)}
      {datanet.latestVersion && <CroissantScript datanet={datanet} />}
    </DatanetFrame>
  );
}

type Loaded = NonNullable<Awaited<ReturnType<typeof loadDatanet>>>;

function tabView(tab: DatanetTab, { datanet, viewer }: Loaded, query: Record<string, string>) {
  switch (tab) {
    case 'contributors':
      return <ContributorsTab datanet={datanet} viewer={viewer} after={query.after} />;
    case 'versions':
      return <VersionsTab datanet={datanet} viewer={viewer} />;
    case 'models':
      return <ModelsTab datanet={datanet} />;
    case 'earnings':
      return <EarningsTab datanet={datanet} />;
    case 'discussion':
      return <DiscussionTab datanet={datanet} viewer={viewer} after={query.after} />;
    default:
      return <RowsTab datanet={datanet} query={query} />;
  }
}
