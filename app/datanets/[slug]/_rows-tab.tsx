import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { RowsClosed } from '#components/access/rows-closed.tsx';
import { ColumnHistograms } from '#components/datanets/column-histograms.tsx';
import { RowDrawer } from '#components/datanets/row-drawer.tsx';
import { RowFilters } from '#components/datanets/row-filters.tsx';
import { RowTable } from '#components/datanets/row-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { listExamples } from '#lib/contributions/list-examples.ts';
import { listExamplesSchema } from '#lib/contributions/schema.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { loadAccess } from '../_access.ts';
import { loadColumnStats } from '../_data.ts';
import { hrefWith } from '../_href.ts';
import { ExampleView } from './_example-view.tsx';
import { SealedRowsTab } from './_sealed-rows-tab.tsx';

/** The row viewer: 100 rows a page, filtered by words, state, author and length; `row` in the address opens one. */
export async function RowsTab({ datanet, query }: { datanet: DatanetDetail; query: Record<string, string> }) {
  const access = await loadAccess(datanet.id);
  if (access.tier === 'encrypted') return <SealedRowsTab datanet={datanet} mayRead={access.mayRead} />;
  if (!access.mayRead) return <RowsClosed slug={datanet.slug} tier={access.tier} />;
  const [deps, actor] = [buildDeps(), await getActor()];
  const parsed = listExamplesSchema.safeParse(query);
  const input = parsed.success ? parsed.data : listExamplesSchema.parse({});
  const fields = datanet.fields.map(({ name }) => name);
  const [page, stats] = await Promise.all([
    listExamples(deps, actor, datanet.id, input),
    loadColumnStats(datanet.id, fields),
  ]);
  const base = `/datanets/${datanet.slug}`;
  const { q, contributor, length } = input;
  const status = input.status === 'accepted' ? undefined : input.status;
  const filters = { q, status, contributor, length };
  const here = { ...filters, after: input.after };
  const empty = page.items.length === 0;
  return (
    <div className="flex flex-col gap-6">
      <RowFilters base={base} filters={filters} />
      <ColumnHistograms
        stats={stats}
        labels={Object.fromEntries(datanet.fields.map(({ name, label }) => [name, label]))}
        current={length}
        hrefOf={(value) => hrefWith(base, { ...filters, length: value })}
      />
      {empty ? (
        <NoRows base={base} filtered={Object.values(filters).some(Boolean)} />
      ) : (
        <div>
          <RowTable
            rows={page.items}
            fields={datanet.fields}
            hrefOf={(row) => hrefWith(base, { ...here, row })}
            contributorHref={(address) => hrefWith(base, { contributor: address })}
          />
          <Pagination
            label="Pages of rows"
            firstHref={input.after && hrefWith(base, filters)}
            nextHref={page.nextCursor ? hrefWith(base, { ...filters, after: page.nextCursor }) : undefined}
          />
        </div>
      )}
      {query.row && (
        <RowDrawer closeHref={hrefWith(base, here)} pageHref={`${base}/rows/${query.row}`}>
          <ExampleView id={query.row} slug={datanet.slug} />
        </RowDrawer>
      )}
    </div>
  );
}

function NoRows({ base, filtered }: { base: string; filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState title="No row fits" action={<LinkButton href={base}>Show all rows</LinkButton>}>
        Try fewer words, another state, or a wider length.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No accepted rows yet"
      action={
        <LinkButton href={`${base}/contribute`} variant="primary">
          Contribute rows
        </LinkButton>
      }
    >
      Rows appear here when a curator has accepted them. Type one, paste many, or drop a CSV or JSON Lines file.
    </EmptyState>
  );
}
