import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Page } from '#components/layout/page.tsx';
import { durationWords } from '#components/staking/duration-words.ts';
import { percent } from '#components/staking/percent.ts';
import { PositionPanel } from '#components/staking/position-panel.tsx';
import { SlashTable } from '#components/staking/slash-table.tsx';
import { StakeForm } from '#components/staking/stake-form.tsx';
import { YieldSplit } from '#components/staking/yield-split.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { PoolNotFoundError, StakingMissingError } from '#lib/staking/errors.ts';
import { loadPool } from '../_data.ts';

export const metadata: Metadata = { title: 'Stake pool' };

type Data = Awaited<ReturnType<typeof loadPool>>;

/** One pool: what it earned, from where, what it lost, and the reader's place in it. */
export default async function PoolPage({ params }: { params: Promise<{ pool: string }> }) {
  const data = await loadPool((await params).pool).catch((error) => {
    if (error instanceof PoolNotFoundError || error instanceof StakingMissingError) notFound();
    throw error;
  });
  const { view, terms, slashes, names } = data;
  return (
    <Page
      title={view.name}
      eyebrow={<Link href={`/staking?kind=${view.kind}`}>Staking</Link>}
      actions={
        view.href && <LinkButton href={view.href}>See the {view.kind === 'datanet' ? 'Datanet' : view.kind}</LinkButton>
      }
    >
      <StatRow>
        <Stat label="Staked" value={<Amount wei={view.stakedWei} />} />
        <Stat label="Leaving" value={<Amount wei={view.unbondingWei} />} note="still reached by slashes" />
        <Stat label="Time to leave" value={durationWords(terms.unbondingSeconds)} />
        <Stat
          label="Most that one slash takes"
          value={percent(terms.slashableBps)}
          note={`${percent(terms.monthBps)} within ${durationWords(terms.monthSeconds)}`}
        />
      </StatRow>
      <Section
        title="What it earned"
        intro="The last month’s rewards as a year’s yield for today’s stake. It is what was, and no promise."
      >
        <YieldSplit paidIn={view.paidIn} stakedWei={view.stakedWei} />
        <p className="mt-4 text-sm text-muted">
          {terms.stream ? (
            <>
              Being paid now: <Amount wei={terms.stream.weiPerSecond * 86_400n} /> a day for all together, until{' '}
              <TimeAgo at={terms.stream.endsAt} mode="date" />.
            </>
          ) : (
            'Nothing is being paid to this pool at the moment.'
          )}
        </p>
      </Section>
      <Section title="What it lost">
        <SlashTable slashes={slashes} names={names} />
        {terms.heldUntil && (
          <p className="mt-4 text-sm text-warn">
            A dispute about this pool is open: stake that is leaving waits until{' '}
            <TimeAgo at={terms.heldUntil} mode="date" /> at most.
          </p>
        )}
      </Section>
      <Section title="Your stake">
        <Mine data={data} />
      </Section>
    </Page>
  );
}

function Mine({ data: { view, terms, mine, now } }: { data: Data }) {
  if (!mine) {
    return (
      <EmptyState title="Stake here, or see yours." action={<ConnectButton label="Connect wallet" />}>
        You see what may happen at worst before anything is signed.
      </EmptyState>
    );
  }
  const { position, balanceWei } = mine;
  const has = position.stakedWei + position.unbondingWei + position.rewardWei > 0n;
  return (
    <div className="flex flex-col gap-8">
      {has && <PositionPanel subject={view} position={position} terms={terms} nowMs={now.getTime()} />}
      {view.isClosed ? (
        <p className="text-sm text-bad">Slashes have taken nearly everything from this pool; it takes no new stake.</p>
      ) : (
        <StakeForm subject={view} terms={terms} balanceWei={balanceWei} />
      )}
    </div>
  );
}
