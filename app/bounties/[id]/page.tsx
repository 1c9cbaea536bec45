import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { AwardList } from '#components/bounties/award-list.tsx';
import { BountyStatus } from '#components/bounties/state-words.tsx';
import { TermsFacts } from '#components/bounties/terms-facts.tsx';
import { Page } from '#components/layout/page.tsx';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { isAllAwarded } from '#lib/bounties/rules.ts';
import type { BountyDetail } from '#lib/bounties/types.ts';
import { loadBounty } from '../_data.ts';
import { BountyPart } from './_part.tsx';

export const metadata: Metadata = { title: 'Bounty' };

/** One bounty: its words, its terms, who gave, who was awarded, and what the reader can do now. */
export default async function BountyPage({ params }: { params: Promise<{ id: string }> }) {
  const data = await loadBounty((await params).id);
  if (!data) notFound();
  const { bounty, reader, nowMs } = data;
  const isMissed = bounty.state === 'missed';
  return (
    <Page
      title={bounty.title}
      eyebrow={
        <>
          <Link href="/bounties" className="link">
            Data wanted
          </Link>{' '}
          ·{' '}
          <Link href={`/datanets/${bounty.datanet.slug}`} className="link">
            {bounty.datanet.title}
          </Link>
        </>
      }
      intro={<BountyStatus bounty={bounty} />}
      actions={isMissed || bounty.state === 'over' || isAllAwarded(bounty) ? null : <Work bounty={bounty} />}
    >
      <div className="prose-measure whitespace-pre-line">{bounty.goal}</div>
      <p className="text-sm text-muted">
        Written by <Address address={bounty.author} copy={false} />. {howItIsDecided(bounty)}
      </p>
      {bounty.onChain && <TermsFacts onChain={bounty.onChain} kind={bounty.kind} nowMs={nowMs} isMissed={isMissed} />}
      <BountyPart data={data} />
      {bounty.onChain && (
        <>
          {!isMissed && (
            <Section title="Awards">
              <AwardList bounty={bounty} reader={reader} nowMs={nowMs} />
            </Section>
          )}
          <Section title="Sponsors">
            <Sponsors bounty={bounty} />
          </Section>
        </>
      )}
    </Page>
  );
}

/** Where one does what is asked for. */
function Work({ bounty: { kind, datanet } }: { bounty: BountyDetail }) {
  return kind === 'data' ? (
    <LinkButton href={`/datanets/${datanet.slug}/contribute`}>Contribute rows</LinkButton>
  ) : (
    <LinkButton href="/models/new">Train a model</LinkButton>
  );
}

function howItIsDecided({ kind }: BountyDetail): string {
  return kind === 'data'
    ? 'Curators of the Datanet award rows that came after the opening and stand in its newest version on chain; each sponsor may object for their own part.'
    : 'The judge awards the owner of a model whose evaluation reached the goal; each sponsor may object for their own part.';
}

function Sponsors({ bounty }: { bounty: BountyDetail }) {
  if (bounty.sponsors.length === 0) return <p className="text-muted">Nobody has given yet.</p>;
  return (
    <Table label="Sponsors">
      <thead>
        <tr>
          <Th>Account</Th>
          <Th numeric>Given</Th>
          <Th numeric>Got back</Th>
        </tr>
      </thead>
      <tbody>
        {bounty.sponsors.map(({ address, givenWei, refundedWei }) => (
          <Tr key={address}>
            <Td>
              <Address address={address} />
            </Td>
            <Td numeric>
              <Amount wei={givenWei} />
            </Td>
            <Td numeric>{refundedWei === null ? '-' : <Amount wei={refundedWei} />}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
