import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Page } from '#components/layout/page.tsx';
import { loadDatanet } from '../../../_data.ts';
import { ExampleView } from '../../_example-view.tsx';

type Props = { params: Promise<{ slug: string; id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, id } = await params;
  const loaded = await loadDatanet(slug);
  return { title: loaded ? `Row ${id.slice(-6)} of ${loaded.datanet.title}` : 'Row' };
}

/** One row on a page of its own, for links from receipts and elsewhere. */
export default async function RowPage({ params }: Props) {
  const { slug, id } = await params;
  const loaded = await loadDatanet(slug);
  if (!loaded) notFound();
  return (
    <Page
      title="Row"
      eyebrow={
        <Link href={`/datanets/${slug}`} className="link">
          {loaded.datanet.title}
        </Link>
      }
      className="max-w-3xl"
    >
      <ExampleView id={id} slug={slug} />
    </Page>
  );
}
