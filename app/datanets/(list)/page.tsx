import type { Metadata } from 'next';
import { DatanetFilters } from '#components/datanets/datanet-filters.tsx';
import { DatanetTable } from '#components/datanets/datanet-table.tsx';
import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { listDatanetsSchema } from '#lib/datanets/schema.ts';
import { datanetFacets } from '#lib/datanets/types.ts';
import { loadDatanetList } from '../_data.ts';
import { hrefWith, readParams, type SearchParams } from '../_href.ts';

export const metadata: Metadata = {
  title: 'Datanets',
  description: 'Community datasets whose rows earn for the people who wrote them.',
};

/** All Datanets: search, domain, sort and page in the address. */
export default async function DatanetsPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await readParams(searchParams);
  // A damaged address shows the whole list rather than an error.
  const parsed = listDatanetsSchema.safeParse(params);
  const input = parsed.success ? parsed.data : listDatanetsSchema.parse({});
  const { page, facets } = await loadDatanetList(input);
  const { after, limit, ...filters } = input;
  const filtered = filters.q !== '' || datanetFacets.some((facet) => filters[facet] !== undefined);
  return (
    <Page
      title="Datanets"
      intro="Datasets that communities write and guard together. A row that shaped a paid answer earns for its author."
      actions={
        <LinkButton href="/datanets/new" variant="primary">
          Create a Datanet
        </LinkButton>
      }
    >
      <DatanetFilters filters={filters} facets={facets} />
      {page.items.length > 0 ? (
        <div>
          <DatanetTable items={page.items} />
          <Pagination
            label="Pages of Datanets"
            firstHref={after && hrefWith('/datanets', filters)}
            nextHref={page.nextCursor ? hrefWith('/datanets', { ...filters, after: page.nextCursor }) : undefined}
          />
        </div>
      ) : (
        <EmptyState
          title={filtered ? 'No Datanet fits' : 'No Datanet yet'}
          action={
            filtered ? (
              <LinkButton href="/datanets">Show all Datanets</LinkButton>
            ) : (
              <LinkButton href="/datanets/new" variant="primary">
                Create the first one
              </LinkButton>
            )
          }
        >
          {filtered
            ? 'Try fewer words, or take a filter off.'
            : 'A Datanet takes five minutes to create, from a template.'}
        </EmptyState>
      )}
    </Page>
  );
}
