import Form from 'next/form';
import Link from 'next/link';
import { domainTitle } from '#components/model-factory/domain-title.ts';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { ListModelsInput } from '#lib/model-factory/schema.ts';
import type { ModelSort } from '#lib/model-factory/types.ts';

const sorts: Record<ModelSort, string> = {
  newest: 'Newest first',
  answers: 'Most asked',
  earned: 'Most earned',
  gain: 'Largest gain over the base',
};

/** Search, domain and order. A form and links: it works before any script has loaded, and the URL holds everything. */
export function ModelFilters({
  input,
  domains,
}: {
  input: ListModelsInput;
  domains: readonly { domain: string; count: number }[];
}) {
  return (
    <div className="flex flex-col gap-4">
      <Form action="/models" className="flex flex-wrap items-end gap-3">
        <div className="min-w-56 flex-1">
          <Input
            type="search"
            name="q"
            aria-label="Search"
            defaultValue={input.q}
            placeholder="Name, purpose or Datanet"
          />
        </div>
        <div className="w-52">
          <Select name="sort" aria-label="Order" defaultValue={input.sort}>
            {Object.entries(sorts).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </div>
        {input.domain && <input type="hidden" name="domain" value={input.domain} />}
        <Button type="submit">Search</Button>
      </Form>
      {domains.length > 1 && (
        <nav aria-label="Domains" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          <DomainLink input={input} label="All" isCurrent={!input.domain} />
          {domains.map(({ domain, count }) => (
            <DomainLink
              key={domain}
              input={input}
              domain={domain}
              label={domainTitle(domain)}
              count={count}
              isCurrent={input.domain === domain}
            />
          ))}
        </nav>
      )}
    </div>
  );
}

function DomainLink({
  input,
  domain,
  label,
  count,
  isCurrent,
}: {
  input: ListModelsInput;
  domain?: string;
  label: string;
  count?: number;
  isCurrent: boolean;
}) {
  const query = new URLSearchParams({
    ...(input.q && { q: input.q }),
    ...(domain && { domain }),
    ...(input.sort !== 'newest' && { sort: input.sort }),
  }).toString();
  return (
    <Link
      href={query ? `/models?${query}` : '/models'}
      aria-current={isCurrent ? 'true' : undefined}
      className={cx('py-1 text-muted hover:text-ink', isCurrent && 'font-medium text-ink underline underline-offset-4')}
    >
      {label}
      {count !== undefined && <span className="figures ml-1 text-xs text-muted">{count}</span>}
    </Link>
  );
}
