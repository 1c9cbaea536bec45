import type { Metadata } from 'next';
import { Page } from '#components/layout/page.tsx';
import { ClaimPanel } from '#components/rewards/account-parts.tsx';
import { EarningsTables } from '#components/rewards/earnings-tables.tsx';
import { ForeignEpochs } from '#components/rewards/foreign-epochs.tsx';
import { PeriodsTable } from '#components/rewards/periods-table.tsx';
import { RowFunnel } from '#components/rewards/row-funnel.tsx';
import { SignInPrompt } from '#components/rewards/sign-in-prompt.tsx';
import { StatementTable } from '#components/rewards/statement-table.tsx';
import { WhereItGoes } from '#components/rewards/where-it-goes.tsx';
import { Address } from '#components/ui/address.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import { loadRewards } from '../_data.ts';

export const metadata: Metadata = { title: 'Rewards' };

/** What an account may claim now, what is pending and until when, and where each wei came from. */
export default async function RewardsPage({ searchParams }: { searchParams: Promise<{ account?: string }> }) {
  const data = await loadRewards((await searchParams).account);
  return (
    <Page
      title="Rewards"
      intro="Fees of paid answers are shared at the end of each reward period. When its challenge window is over, one transaction claims everything you earned since your last one."
      actions={data.account && <Address address={data.account} you={data.mine} />}
    >
      {data.account === null ? <SignInPrompt /> : <Account data={data} />}
      {data.account !== null && <WhereItGoes control={data.control} mine={data.mine} nowMs={data.nowMs} />}
      <Section
        title="Reward periods"
        intro={`Each period's root is posted with a bond and can be challenged for ${words(data.config.windowSeconds)}; then it is claimable for ever.`}
      >
        {data.periods.length === 0 ? (
          <EmptyState title="No period has been settled yet">
            A period closes when there are paid answers to share.
          </EmptyState>
        ) : (
          <PeriodsTable periods={data.periods} />
        )}
      </Section>
      {data.foreign.length > 0 && <ForeignEpochs epochs={data.foreign} bondWei={data.challengeBondWei} />}
    </Page>
  );
}

type AccountData = Extract<Awaited<ReturnType<typeof loadRewards>>, { account: `0x${string}` }>;

function Account({ data }: { data: AccountData }) {
  return (
    <>
      <ClaimPanel rewards={data.rewards} others={data.others} control={data.control} mine={data.mine} />
      {data.funnel.counts.sent > 0 && <RowFunnel funnel={data.funnel} />}
      {data.rewards.earnedWei === 0n ? (
        <EmptyState
          title="Nothing earned yet"
          action={<LinkButton href="/datanets">Find a Datanet to contribute to</LinkButton>}
        >
          Rows that are accepted, trained on and shape a paid answer earn a part of its fee.
        </EmptyState>
      ) : (
        <>
          <EarningsTables byModel={data.byModel} byRow={data.byRow} byPeriod={data.byPeriod} />
          <Section
            title="Statement"
            action={
              <a className="link text-sm" href={`/rewards/statement.csv?account=${data.account}`}>
                CSV
              </a>
            }
          >
            <StatementTable rows={data.statement} />
          </Section>
        </>
      )}
    </>
  );
}

function words(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 3_600)} hours`;
}
