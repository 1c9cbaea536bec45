import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { ContributionSteps } from '#components/datanets/contribution-steps.tsx';
import { RowTable } from '#components/datanets/row-table.tsx';
import { Page } from '#components/layout/page.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { ContributionNotFoundError } from '#lib/contributions/errors.ts';
import { getContribution } from '#lib/contributions/get-contribution.ts';
import { findRowsInRounds } from '#lib/validation/find-rows-in-rounds.ts';
import { loadDatanet } from '../../../_data.ts';
import { hrefWith } from '../../../_href.ts';

type Props = { params: Promise<{ slug: string; id: string }> };

export const metadata: Metadata = { title: 'Contribution' };

/** Where a contribution stands and who has to act next. */
export default async function ContributionPage({ params }: Props) {
  const { slug, id } = await params;
  const loaded = await loadDatanet(slug);
  const actor = await getActor();
  const contribution = await getContribution(buildDeps(), actor, id).catch((error) => {
    if (error instanceof ContributionNotFoundError) return null;
    throw error;
  });
  if (!loaded || contribution?.datanetSlug !== slug) notFound();
  const you = actor.kind === 'account' ? actor.address : null;
  const total = Object.values(contribution.counts).reduce((sum, count) => sum + count, 0);
  const waiting = contribution.rows.filter(({ status }) => status === 'pending').map((row) => row.id);
  const inRounds = await findRowsInRounds(buildDeps().db, waiting);
  const base = `/datanets/${slug}`;
  return (
    <Page
      title={`${total} ${total === 1 ? 'row' : 'rows'} contributed`}
      eyebrow={
        <Link href={base} className="link">
          {contribution.datanetTitle}
        </Link>
      }
      actions={<LinkButton href={`${base}/contribute`}>Contribute more</LinkButton>}
    >
      <ContributionSteps contribution={contribution} datanet={loaded.datanet} inRounds={inRounds.size} you={you} />
      {(contribution.counts.pending > 0 || contribution.unfrozen > 0) && <RefreshWhile everyMs={5_000} />}
      <Section title="The rows" intro={total > 200 ? 'The first 200 of them.' : undefined}>
        <RowTable
          rows={contribution.rows}
          fields={loaded.datanet.fields}
          hrefOf={(row) => `${base}/rows/${row}`}
          contributorHref={(address) => hrefWith(base, { contributor: address })}
          showStatus
        />
      </Section>
    </Page>
  );
}
