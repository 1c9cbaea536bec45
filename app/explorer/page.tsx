import type { Metadata } from 'next';
import Link from 'next/link';
import { AnswersTable } from '#components/explorer/answers-table.tsx';
import { EventsTable } from '#components/explorer/events-table.tsx';
import { explorerLists } from '#components/explorer/kinds.ts';
import { ActiveDatanetsTable, EarnersTable, LiveModelsTable } from '#components/explorer/simple-tables.tsx';
import { Page } from '#components/layout/page.tsx';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { type ExplorerQuery, explorerQuerySchema } from '#lib/explorer/schema.ts';
import { explorerKinds } from '#lib/explorer/types.ts';
import { loadList } from './_data.ts';

export const metadata: Metadata = { title: 'Explorer' };

/** What the ledger holds, list by list; the totals of the home page link here, to the query behind each of them. */
export default async function ExplorerPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const query = explorerQuerySchema.parse(await searchParams);
  const list = await loadList(query);
  const hrefOf = (change: Partial<ExplorerQuery>) => hrefFor({ ...query, cursor: undefined, ...change });
  const tabs = explorerKinds.map((kind) => ({
    key: kind,
    label: explorerLists[kind].label,
    href: hrefOf({ kind, tx: undefined }),
  }));
  return (
    <Page
      title="Explorer"
      intro="Answers, payments and chain events, each with its proof. Nothing here needs a wallet."
    >
      <div>
        <Tabs label="Lists" items={tabs} current={query.kind} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4 text-sm text-muted">
          <p>
            <span className="figures text-ink">{list.count}</span> found. {explorerLists[query.kind].query}
            {list.type === 'answers' && query.kind === 'independent' && ` ${list.payers} payers.`}
          </p>
          {list.type === 'events' && list.claimedWei !== null && (
            <p>
              In all <Amount wei={list.claimedWei} className="text-ink" />.
            </p>
          )}
          <Filters query={query} clearHref={hrefFor({ kind: query.kind })} />
        </div>
        {list.count === 0 ? <Nothing query={query} /> : <List list={list} kind={query.kind} />}
        <Pagination
          nextHref={list.nextCursor ? hrefOf({ cursor: list.nextCursor }) : undefined}
          firstHref={query.cursor ? hrefOf({}) : undefined}
        />
      </div>
    </Page>
  );
}

function List({ list, kind }: { list: Awaited<ReturnType<typeof loadList>>; kind: ExplorerQuery['kind'] }) {
  const { label } = explorerLists[kind];
  switch (list.type) {
    case 'answers':
      return <AnswersTable label={label} rows={list.items} />;
    case 'earners':
      return <EarnersTable rows={list.items} />;
    case 'datanets':
      return <ActiveDatanetsTable rows={list.items} />;
    case 'models':
      return <LiveModelsTable rows={list.items} />;
    case 'events':
      return <EventsTable label={label} rows={list.items} />;
    default:
      return list satisfies never;
  }
}

function Filters({ query, clearHref }: { query: ExplorerQuery; clearHref: string }) {
  if (!query.account && !query.tx) return null;
  return (
    <p className="flex flex-wrap items-center gap-2">
      Only {query.account && <Address address={query.account} />}
      {query.tx && <Hash value={query.tx} what="transaction" />}
      <Link href={clearHref} className="link">
        show all
      </Link>
    </p>
  );
}

function Nothing({ query }: { query: ExplorerQuery }) {
  if (query.account || query.tx) {
    return (
      <EmptyState
        title="Nothing here names it."
        action={
          <LinkButton href={hrefFor({ ...query, kind: 'events', cursor: undefined })}>Look in all events</LinkButton>
        }
      >
        <p>A transaction that was just sent appears when its block is indexed, within seconds.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing has happened here yet."
      action={
        <LinkButton href="/playground" variant="primary">
          Ask a first question
        </LinkButton>
      }
    >
      <p>As soon as it does, it stands here with its proof.</p>
    </EmptyState>
  );
}

function hrefFor(query: Partial<ExplorerQuery>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value);
  return `/explorer?${params}`;
}
