import Link from 'next/link';
import type { ReactNode } from 'react';
import { domainName } from '#components/datanets/domain-name.ts';
import { Page } from '#components/layout/page.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import type { ReadAccess } from '#lib/access/types.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { loadAccess } from '../_access.ts';

export const datanetTabs = [
  'rows',
  'contributors',
  'versions',
  'models',
  'earnings',
  'discussion',
  'review',
  'access',
] as const;
export type DatanetTab = (typeof datanetTabs)[number];

/** Frame of every view of one Datanet: card, figures, tabs. `card` stands between the intro and the figures. */
export async function DatanetFrame({
  datanet,
  tab,
  card,
  children,
}: {
  datanet: DatanetDetail;
  tab: DatanetTab;
  card?: ReactNode;
  children: ReactNode;
}) {
  const base = `/datanets/${datanet.slug}`;
  const reader = await loadAccess(datanet.id);
  const next = nextStep(datanet, reader);
  const count = (value: number) => value.toLocaleString('en');
  return (
    <Page
      title={datanet.title}
      eyebrow={
        <>
          <Link href="/datanets" className="link">
            Datanets
          </Link>{' '}
          · {domainName(datanet.domain)}
        </>
      }
      intro={datanet.summary}
      actions={
        <>
          {next && (
            <LinkButton href={next.href} variant={reader.mayContribute ? 'secondary' : 'primary'}>
              {next.label}
            </LinkButton>
          )}
          <LinkButton href={`/bounties?datanet=${datanet.slug}`}>Data wanted</LinkButton>
          {reader.mayContribute && (
            <LinkButton href={`${base}/contribute`} variant="primary">
              Contribute rows
            </LinkButton>
          )}
        </>
      }
    >
      {card}
      <StatRow>
        <Stat label="Rows" value={count(datanet.rowCount)} />
        <Stat label="Authors" value={count(datanet.contributorCount)} />
        <Stat label="Versions" value={datanet.latestVersion?.number ?? 0} />
        <Stat label="Live models" value={datanet.modelCount} />
        <Stat label="Earned by its rows" value={<Amount wei={datanet.earnedWei} />} />
      </StatRow>
      <Tabs
        label={`Views of ${datanet.title}`}
        current={tab}
        items={[
          { key: 'rows', label: 'Rows', href: base, count: count(datanet.rowCount) },
          { key: 'contributors', label: 'Contributors', href: `${base}?tab=contributors` },
          { key: 'versions', label: 'Versions', href: `${base}?tab=versions` },
          { key: 'models', label: 'Models', href: `${base}?tab=models` },
          { key: 'earnings', label: 'Earnings', href: `${base}?tab=earnings` },
          { key: 'discussion', label: 'Discussion', href: `${base}?tab=discussion` },
          { key: 'review', label: 'Review', href: `${base}/review`, count: count(datanet.pendingCount) },
          { key: 'access', label: 'Access', href: `${base}/access` },
        ]}
      />
      {children}
    </Page>
  );
}

/** What somebody who wants to learn from the rows can do: train, ask the owner's worker, or ask to be let in first. */
function nextStep({ slug, latestVersion }: DatanetDetail, { tier, part }: ReadAccess) {
  const access = `/datanets/${slug}/access`;
  if (tier !== 'public' && part === 'none') return { href: access, label: 'Ask for access' };
  if (tier === 'encrypted' || !latestVersion) return null;
  if (tier === 'compute') return { href: access, label: 'Ask for a training' };
  return { href: `/models/new?version=${latestVersion.id}`, label: 'Train a model' };
}
