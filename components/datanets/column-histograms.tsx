import Link from 'next/link';
import { cx } from '#components/ui/cx.ts';
import type { ColumnStats } from '#lib/datanets/types.ts';

/** How long each field's texts are. A bar is a link that keeps the rows of that length; the chosen one takes it off again. */
export function ColumnHistograms({
  stats,
  labels,
  current,
  hrefOf,
}: {
  stats: readonly ColumnStats[];
  labels: Record<string, string>;
  current: string | undefined;
  hrefOf: (length: string | undefined) => string;
}) {
  if (stats.length === 0) return null;
  const sampleOf = stats.find((column) => column.sampleOf !== null)?.sampleOf;
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-4 md:grid-cols-2">
      {stats.map((column) => (
        <figure key={column.field} className="flex flex-col gap-2">
          <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 text-xs text-muted">
            <span className="text-ink">{labels[column.field] ?? column.field}</span>
            <span className="figures">
              {column.minChars}–{column.maxChars} characters, mean {column.meanChars}
            </span>
          </figcaption>
          <Bars column={column} current={current} hrefOf={hrefOf} />
        </figure>
      ))}
      {sampleOf && (
        <p className="text-xs text-muted md:col-span-2">
          Lengths of {Math.max(...stats.map(({ count }) => count)).toLocaleString('en')} rows, drawn evenly from all{' '}
          {sampleOf.toLocaleString('en')}; a few rows may be shorter or longer than the ends shown.
        </p>
      )}
    </div>
  );
}

function Bars({
  column,
  current,
  hrefOf,
}: {
  column: ColumnStats;
  current: string | undefined;
  hrefOf: (length: string | undefined) => string;
}) {
  const highest = Math.max(...column.bins.map((bin) => bin.count));
  return (
    <ul className="flex h-12 items-end gap-px border-b border-hairline">
      {column.bins.map((bin) => {
        const value = `${column.field}:${bin.from}-${bin.to}`;
        const chosen = value === current;
        const text = `${rowsIn(bin.count, column)} of ${bin.from} to ${bin.to} characters`;
        return (
          <li key={bin.from} className="h-full flex-1">
            <Link
              href={hrefOf(chosen ? undefined : value)}
              scroll={false}
              title={text}
              aria-label={text}
              aria-current={chosen ? 'true' : undefined}
              className="group flex h-full items-end"
            >
              <span
                className={cx('block w-full bg-hairline group-hover:bg-muted', chosen && 'bg-accent')}
                style={{ height: `${Math.max(bin.count > 0 ? 6 : 0, (bin.count / highest) * 100)}%` }}
              />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** A sample tells parts, not numbers. */
function rowsIn(count: number, column: ColumnStats): string {
  return column.sampleOf === null
    ? `${count} rows`
    : `about ${((count / column.count) * 100).toFixed(1)} % of the rows`;
}
