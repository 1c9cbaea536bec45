import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { threadColor } from '#components/ui/thread-color.ts';
import { percent } from './share-bars.tsx';

export type SourceRow = {
  exampleId: string;
  contributor: string;
  sharePpm: number;
  /** Null when the row was withdrawn or is private: owner and share stay, the text does not. */
  data: Record<string, string> | null;
  datanetSlug: string | null;
  /** Number of stretches of the answer that stand in it word for word. */
  matches: number;
};

/** Rows with estimated influence, strongest first, each with its thread; `active` is the row pointed at in the answer. */
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
              estimated influence <span className="figures text-ink">{percent(row.sharePpm)}</span>
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
        </li>
      ))}
    </ol>
  );
}
