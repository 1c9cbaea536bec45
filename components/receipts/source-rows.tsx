import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { threadColor } from '#components/ui/thread-color.ts';
import type { RowCopies } from '#lib/attribution/types.ts';
import { percent } from './share-bars.tsx';

export type SourceRow = {
  exampleId: string;
  contributor: string;
  /** Null for a row that is shown for its matches alone. */
  sharePpm: number | null;
  /** Null when the row was withdrawn or is private: owner and share stay, the text does not. */
  data: Record<string, string> | null;
  datanetSlug: string | null;
  /** Number of stretches of the answer that stand in it word for word. */
  matches: number;
  copies?: RowCopies | undefined;
};

/** Rows with estimated influence, strongest first, or rows that match text, each with its thread; `active` is the row pointed at in the answer. */
export function SourceRows({
  rows,
  active,
  onPoint,
}: {
  rows: SourceRow[];
  active?: string | null;
  onPoint?: (exampleId: string | null) => void;
}) {
  return (
    <ol className="flex flex-col">
      {rows.map((row) => (
        <li
          key={row.exampleId}
          onMouseEnter={onPoint && (() => onPoint(row.exampleId))}
          onMouseLeave={onPoint && (() => onPoint(null))}
          className={`border-b border-l-3 border-b-hairline py-3 pl-3 text-sm transition-colors duration-150 ${active === row.exampleId ? 'bg-sunken' : ''}`}
          style={{ borderLeftColor: threadColor(row.contributor) }}
        >
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <Address address={row.contributor} copy={false} />
            <span className="text-xs text-muted">
              {row.sharePpm !== null && (
                <>
                  estimated influence <span className="figures text-ink">{percent(row.sharePpm)}</span>
                </>
              )}
              {row.matches > 0 && <span className="ml-3">matches text ×{row.matches}</span>}
            </span>
          </div>
          {row.data ? (
            Object.values(row.data).map((value, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields of one row, fixed order
              <p key={i} className={i === 0 ? 'mt-1 font-medium' : 'text-muted'}>
                {value}
              </p>
            ))
          ) : (
            <p className="mt-1 text-muted">The text of this row is not public any more; its share stands.</p>
          )}
          {row.datanetSlug && (
            <Link
              href={`/datanets/${row.datanetSlug}/rows/${row.exampleId}`}
              className="link text-xs text-muted"
              onFocus={onPoint && (() => onPoint(row.exampleId))}
              onBlur={onPoint && (() => onPoint(null))}
            >
              {row.exampleId}
            </Link>
          )}
          {row.copies && <Copies copies={row.copies} />}
        </li>
      ))}
    </ol>
  );
}

/** Rows that copy this one: the first contributor keeps the credit. */
function Copies({ copies: { total, first } }: { copies: RowCopies }) {
  const more = total - first.length;
  return (
    <p className="mt-1 text-xs text-muted">
      {total === 1 ? 'One later row is a copy of this one and earns nothing: ' : null}
      {total > 1 ? `${total} later rows are copies of this one and earn nothing: ` : null}
      {first.map(({ exampleId }) => exampleId).join(', ')}
      {more > 0 && ` and ${more} more`}
    </p>
  );
}
