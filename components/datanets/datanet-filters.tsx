import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import { Icon } from '#components/ui/icon.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { DatanetSort } from '#lib/datanets/types.ts';
import { domainName } from './domain-name.ts';

const sortNames: Record<DatanetSort, string> = {
  newest: 'Newest first',
  rows: 'Most rows',
  earned: 'Most OPEN earned',
  title: 'By title',
};

/** Search, sort and domain facets as a plain form and links: they work without script and live in the address. */
export function DatanetFilters({
  q,
  domain,
  sort,
  domains,
}: {
  q: string;
  domain: string | undefined;
  sort: DatanetSort;
  domains: readonly { domain: string; count: number }[];
}) {
  const total = domains.reduce((sum, entry) => sum + entry.count, 0);
  const facets = [{ domain: undefined, count: total }, ...domains];
  return (
    <search className="flex flex-col gap-4">
      <form action="/datanets" className="grid grid-cols-1 gap-3 sm:grid-cols-[1fr_14rem_auto]">
        {domain && <input type="hidden" name="domain" value={domain} />}
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
          <Icon name="search" className="size-4" />
          Search
        </Button>
      </form>
      <nav aria-label="Domains" className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
        {facets.map((facet) => {
          const current = facet.domain === domain;
          const query = new URLSearchParams({
            ...(q && { q }),
            ...(facet.domain && { domain: facet.domain }),
            ...(sort !== 'newest' && { sort }),
          });
          return (
            <Link
              key={facet.domain ?? ''}
              href={`/datanets?${query}`}
              aria-current={current ? 'true' : undefined}
              className={cx(
                'flex min-h-6 items-center gap-1.5 border-b-2 border-transparent text-muted hover:text-ink',
                current && 'border-accent text-ink',
              )}
            >
              {facet.domain ? domainName(facet.domain) : 'All'}
              <span className="figures text-xs text-muted">{facet.count}</span>
            </Link>
          );
        })}
      </nav>
    </search>
  );
}
