import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';

export type RowFilterValues = {
  q: string;
  status: string | undefined;
  contributor: string | undefined;
  length: string | undefined;
};

/** Words and state as a plain form; author and length come from links in the table and the histograms. */
export function RowFilters({ base, filters }: { base: string; filters: RowFilterValues }) {
  const { q, status, contributor, length } = filters;
  const chips = [
    contributor && { key: 'contributor', text: `by ${contributor.slice(0, 6)}…${contributor.slice(-4)}` },
    length && { key: 'length', text: `length of ${length.replace(':', ' ').replace('-', ' to ')} characters` },
  ].filter((chip) => typeof chip === 'object');
  return (
    <search className="flex flex-col gap-3">
      <form action={base} className="grid grid-cols-1 gap-3 sm:grid-cols-[1fr_12rem_auto]">
        {contributor && <input type="hidden" name="contributor" value={contributor} />}
        {length && <input type="hidden" name="length" value={length} />}
        <Input
          type="search"
          name="q"
          key={q}
          defaultValue={q}
          aria-label="Search rows"
          placeholder="Search in rows…"
          maxLength={200}
        />
        <Select name="status" key={status} defaultValue={status ?? 'accepted'} aria-label="State of rows">
          <option value="accepted">Accepted</option>
          <option value="pending">Waiting for review</option>
          <option value="rejected">Rejected</option>
          <option value="withdrawn">Withdrawn</option>
          <option value="superseded">Replaced by a better version</option>
          <option value="quarantined">Taken out by a curator</option>
        </Select>
        <Button type="submit">
          <Icon name="search" className="size-4" />
          Search
        </Button>
      </form>
      {chips.length > 0 && (
        <ul className="flex flex-wrap gap-2 text-xs">
          {chips.map((chip) => (
            <li key={chip.key}>
              <Link
                href={hrefWithout(base, filters, chip.key)}
                className="inline-flex h-7 items-center gap-1.5 rounded-md border border-border px-2 hover:bg-sunken"
              >
                {chip.text}
                <Icon name="cross" className="size-3.5" />
                <span className="sr-only">Remove this filter</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

function hrefWithout(base: string, filters: RowFilterValues, key: string): string {
  const rest = Object.entries(filters).flatMap(([name, value]) => (value && name !== key ? [[name, value]] : []));
  return `${base}?${new URLSearchParams(rest as [string, string][])}`;
}
