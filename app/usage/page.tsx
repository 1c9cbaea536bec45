import type { Metadata } from 'next';
import { UsageTables } from '#components/keys/usage-tables.tsx';
import { Page } from '#components/layout/page.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { loadUsage } from './_data.ts';

export const metadata: Metadata = { title: 'Usage' };

const spans = [7, 30, 90, 365];

/** What the account's answers used and cost, and a file of them. */
export default async function UsagePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const usage = await loadUsage(await searchParams);
  return (
    <Page
      title="Usage"
      intro="Everything that your account asked or paid for, by key and on the site: answers, trainings, tasks of apps, access passes. Days end at midnight UTC."
      actions={
        usage && (
          <>
            <LinkButton href="/tasks">Tasks of apps</LinkButton>
            <a className="link text-sm" href={`/api/v1/usage/csv?days=${usage.span}`} download>
              Download as CSV
            </a>
          </>
        )
      }
    >
      {usage === null ? (
        <EmptyState title="Connect a wallet to see your usage." action={<ConnectButton label="Connect wallet" />}>
          <p>Usage belongs to an account. Signing in is one signature; it costs nothing.</p>
        </EmptyState>
      ) : (
        <>
          <Tabs
            label="Span of time"
            current={String(usage.span)}
            items={spans.map((days) => ({
              ...{ key: String(days), label: `${days} days`, href: `/usage?days=${days}` },
            }))}
          />
          <StatRow>
            <Stat label="Answers" value={usage.total.answers.toLocaleString('en')} />
            <Stat label="Tokens read" value={usage.total.promptTokens.toLocaleString('en')} />
            <Stat label="Tokens written" value={usage.total.completionTokens.toLocaleString('en')} />
            <Stat label="Paid in all" value={<Amount wei={usage.spending.totalWei} />} />
          </StatRow>
          {usage.total.answers === 0 && usage.charges.length === 0 ? (
            <EmptyState
              title={`Nothing in the last ${usage.span} days.`}
              action={<LinkButton href="/docs">How to ask</LinkButton>}
            >
              <p>What a key or you on the site ask shows up here as soon as it is answered.</p>
            </EmptyState>
          ) : (
            <UsageTables usage={usage} />
          )}
        </>
      )}
    </Page>
  );
}
