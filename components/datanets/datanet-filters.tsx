import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { type DatanetFacet, type DatanetFacets, type DatanetSort, datanetFacets } from '#lib/datanets/types.ts';
import { FacetMenu } from './facet-menu.tsx';

const sortNames: Record<DatanetSort, string> = {
  newest: 'Newest first',
  rows: 'Most rows',
  earned: 'Most OPEN earned',
  title: 'By title',
};

export type DatanetFilterValues = { q: string; sort: DatanetSort } & { [facet in DatanetFacet]?: string | undefined };

/** Search, sort and facets as a plain form, popovers and links: they work without script and live in the address. */
export function DatanetFilters({ filters, facets }: { filters: DatanetFilterValues; facets: DatanetFacets }) {
  const { q, sort } = filters;
  // A facet that all Datanets share tells nothing apart.
  const offered = datanetFacets.filter((facet) => filters[facet] !== undefined || facets[facet].length > 1);
  return (
    <search className="flex flex-col gap-3">
      <form action="/datanets" className="grid grid-cols-1 gap-3 sm:grid-cols-[1fr_14rem_auto]">
        {datanetFacets.map(
          (facet) => filters[facet] && <input key={facet} type="hidden" name={facet} value={filters[facet]} />,
        )}
        <Input
          type="search"
          name="q"
          key={q}
          defaultValue={q}
          aria-label="Search Datanets"
          placeholder="Search by subject, language, domain…"
          maxLength={200}
        />
        <Select name="sort" key={sort} defaultValue={sort} aria-label="Sort">
          {Object.entries(sortNames).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
        <Button type="submit">
          <Icon name="search" />
          Search
        </Button>
      </form>
      {offered.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {offered.map((facet) => (
            // Another choice is another menu, closed again.
            <FacetMenu
              key={`${facet}:${filters[facet] ?? ''}`}
              facet={facet}
              values={facets[facet]}
              current={filters[facet]}
              hrefOf={(value) => hrefWithFacet(filters, facet, value)}
            />
          ))}
        </div>
      )}
    </search>
  );
}

function hrefWithFacet(filters: DatanetFilterValues, facet: DatanetFacet, value: string | undefined): string {
  const { q, sort } = filters;
  const query = new URLSearchParams({ ...(q && { q }), ...(sort !== 'newest' && { sort }) });
  for (const name of datanetFacets) {
    const chosen = name === facet ? value : filters[name];
    if (chosen) query.set(name, chosen);
  }
  return query.size > 0 ? `/datanets?${query}` : '/datanets';
}
