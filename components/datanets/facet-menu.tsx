import Link from 'next/link';
import { buttonClass } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import { Icon } from '#components/ui/icon.tsx';
import type { DatanetFacet } from '#lib/datanets/types.ts';
import { facetNames, facetValueName } from './facet-words.ts';

/**
 * One facet: a button that opens its values, each with the number of Datanets that choosing it would give. The browser's own
 * popover: Escape and a click elsewhere close it, no script is loaded for it, and without script it opens all the same.
 */
export function FacetMenu({
  facet,
  values,
  current,
  hrefOf,
}: {
  facet: DatanetFacet;
  values: readonly { value: string; count: number }[];
  current: string | undefined;
  hrefOf: (value: string | undefined) => string;
}) {
  const id = `facet-${facet}`;
  const line = 'flex min-h-9 items-center justify-between gap-6 rounded-sm px-3 text-sm hover:bg-sunken';
  return (
    <div>
      <button type="button" popoverTarget={id} className={cx(buttonClass(), 'px-3', current && 'border-accent')}>
        <span>
          {facetNames[facet]}
          <span className="font-normal text-muted">: {current ? facetValueName(facet, current) : 'any'}</span>
        </span>
        <Icon name="chevron-down" className="size-3.5 text-muted" />
      </button>
      <nav id={id} popover="auto" aria-label={facetNames[facet]} className="facet-menu">
        <ul>
          <li>
            <Link href={hrefOf(undefined)} aria-current={current ? undefined : 'true'} className={line}>
              Any
            </Link>
          </li>
          {values.map(({ value, count }) => (
            <li key={value}>
              <Link
                href={hrefOf(value)}
                aria-current={value === current ? 'true' : undefined}
                className={cx(line, value === current && 'font-medium')}
              >
                {facetValueName(facet, value)}
                <span className="figures text-xs text-muted">{count.toLocaleString('en')}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
