import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { Page } from '#components/layout/page.tsx';
import { Section } from '#components/ui/section.tsx';
import { findDatanetOf } from '#lib/contributions/find-datanet-of.ts';
import { loadAccess } from '../../../_access.ts';
import { loadDatanet } from '../../../_data.ts';
import { hrefWith, readParams, type SearchParams } from '../../../_href.ts';
import { DiscussionOf } from '../../_discussion.tsx';
import { ExampleView } from '../../_example-view.tsx';

type Props = { params: Promise<{ slug: string; id: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, id } = await params;
  const loaded = await loadDatanet(slug);
  return { title: loaded ? `Row ${id.slice(-6)} of ${loaded.datanet.title}` : 'Row' };
}

/** One row on a page of its own, for links from receipts and elsewhere. */
export default async function RowPage({ params, searchParams }: Props) {
  const { slug, id } = await params;
  const loaded = await loadDatanet(slug);
  if (!loaded) notFound();
  const { after } = await readParams(searchParams);
  // What people say about a private row may quote it.
  const { mayRead } = await loadAccess(loaded.datanet.id);
  const isRow = (await findDatanetOf(buildDeps().db, id)) === loaded.datanet.id;
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
      {isRow && mayRead && (
        <Section title="Discussion">
          <DiscussionOf
            place={{ datanetId: loaded.datanet.id, exampleId: id }}
            viewer={loaded.viewer}
            after={after}
            hrefOf={(next) => hrefWith(`/datanets/${slug}/rows/${id}`, { after: next })}
          />
        </Section>
      )}
    </Page>
  );
}
