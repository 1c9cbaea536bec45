import type { Metadata } from 'next';
import { Page } from '#components/layout/page.tsx';
import { PoolsTable } from '#components/staking/pools-table.tsx';
import { PositionsTable } from '#components/staking/positions-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Section } from '#components/ui/section.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { type PoolKind, poolKinds } from '#lib/kernel/pool-of.ts';
import { loadStaking } from '../_data.ts';

export const metadata: Metadata = { title: 'Staking' };

const labels: Record<PoolKind, string> = { datanet: 'Datanets', model: 'Models', validator: 'Validators' };
const nobody: Record<PoolKind, string> = {
  datanet: 'A Datanet appears here when its owner has registered it on chain.',
  model: 'A model appears here when it is published on chain.',
  validator: 'A validator appears here with its first stake.',
};

/** Who vouches for what with how much, what that earned, and what it lost. */
export default async function StakingPage({ searchParams }: { searchParams: Promise<{ kind?: string }> }) {
  const asked = (await searchParams).kind;
  const kind = poolKinds.find((one) => one === asked) ?? 'datanet';
  const data = await loadStaking(kind);
  const tabs = poolKinds.map((key) => ({ key, label: labels[key], href: `/staking?kind=${key}` }));
  return (
    <Page
      title="Staking"
      intro="Stake vouches for a Datanet, a model or a validator. It earns what is paid to its pool, and a proven fault takes a part of it. Each pool says both before you sign."
    >
      {data === null ? (
        <EmptyState title="This chain has no stake pools yet.">
          They come with the next deployment of the contracts.
        </EmptyState>
      ) : (
        <>
          <Section title="Your stakes">
            {data.positions === null && (
              <EmptyState title="Whose stakes?" action={<ConnectButton label="Connect wallet" />}>
                Connect a wallet to see yours. The pools below are open to everybody.
              </EmptyState>
            )}
            {data.positions?.length === 0 && (
              <EmptyState title="You have nothing at stake.">
                Choose a pool below; its page says what it earned and lost.
              </EmptyState>
            )}
            {data.positions && data.positions.length > 0 && <PositionsTable rows={data.positions} />}
          </Section>
          <Section
            title="Pools"
            intro="Yields are what the last month’s rewards would be in a year for today’s stake: fees are what users paid, emissions come from the protocol’s allocation and end."
          >
            <Tabs label="Kinds of pools" items={tabs} current={kind} />
            {data.pools.length === 0 ? (
              <EmptyState title={`No ${labels[kind].toLowerCase()} yet.`}>{nobody[kind]}</EmptyState>
            ) : (
              <PoolsTable label={`Pools of ${labels[kind].toLowerCase()}`} pools={data.pools} />
            )}
          </Section>
        </>
      )}
    </Page>
  );
}
