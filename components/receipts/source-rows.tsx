import Link from 'next/link';
import type { KeyboardEvent, ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { threadColor } from '#components/ui/thread-color.ts';
import type { RowCopies } from '#lib/attribution/types.ts';
import type { CreditedRow } from '#lib/kernel/read-shares.ts';
import type { LineageRole } from '#lib/kernel/role-shares.ts';
import { Confidence } from './confidence.tsx';
import { percent } from './percent.ts';

export type SourceRow = {
  exampleId: string;
  contributor: string;
  /** Its part of the influence that stands out, and what is paid for it; null for a row shown for its matches alone. */
  credit: Pick<CreditedRow, 'influencePpm' | 'sharePpm' | 'sigmas' | 'roles'> | null;
  /** Null when the row was withdrawn or is private: owner and share stay, the text does not. */
  data: Record<string, string> | null;
  datanetSlug: string | null;
  /** Number of stretches of the answer that stand in it word for word. */
  matches: number;
  copies?: RowCopies | undefined;
};

/** Where rows stand beside their answer: which are lit or left out, what is beside each, and how they take the focus. */
export type RowPlace = {
  lit: ReadonlySet<string>;
  onPoint: (exampleId: string | null) => void;
  itemId: (exampleId: string) => string;
  isOff: (row: SourceRow) => boolean;
  /** Below a row's text: its stretches of the answer, its switch. */
  aside: (row: SourceRow) => ReactNode;
  onEscape: () => void;
};

/** Rows with estimated influence, strongest first, or rows that match text, each with the thread of its contributor. */
export function SourceRows({ rows, version, place }: { rows: SourceRow[]; version: number; place?: RowPlace }) {
  return (
    <ol className="flex flex-col">
      {rows.map((row) => (
        <li
          key={row.exampleId}
          {...(place && itemProps(row, place))}
          className={`border-b border-l-3 border-b-hairline py-3 pl-3 text-sm transition-colors duration-150 ${place?.lit.has(row.exampleId) ? 'bg-accent-wash' : ''}`}
          style={{ borderLeftColor: threadColor(row.contributor) }}
        >
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <Address address={row.contributor} copy={false} />
            <span className="text-xs text-muted">
              {place?.isOff(row) && <span className="mr-3 font-medium text-ink">left out</span>}
              {row.credit && (
                <>
                  estimated influence <span className="figures text-ink">{percent(row.credit.influencePpm)}</span>
                </>
              )}
              {row.matches > 0 && <span className="ml-3">matches text ×{row.matches}</span>}
            </span>
          </div>
          <RowText row={row} />
          {row.datanetSlug && (
            <p className="flex flex-wrap gap-x-4 text-xs text-muted">
              <Link href={`/datanets/${row.datanetSlug}/rows/${row.exampleId}`} className={rowLink}>
                {row.exampleId}
              </Link>
              <Link href={`/datanets/${row.datanetSlug}?tab=versions`} className={rowLink}>
                version {version} of {row.datanetSlug}
              </Link>
              <Link href={`/datanets/${row.datanetSlug}?contributor=${row.contributor}`} className={rowLink}>
                all rows of this contributor
              </Link>
            </p>
          )}
          {row.credit && <Credit credit={row.credit} />}
          {row.copies && <Copies copies={row.copies} />}
          {place?.aside(row)}
        </li>
      ))}
    </ol>
  );
}

/** High enough for a finger. */
const rowLink = 'link inline-flex min-h-6 items-center';

function itemProps(row: SourceRow, place: RowPlace) {
  return {
    id: place.itemId(row.exampleId),
    tabIndex: -1,
    onMouseEnter: () => place.onPoint(row.exampleId),
    onMouseLeave: () => place.onPoint(null),
    onFocus: () => place.onPoint(row.exampleId),
    onBlur: () => place.onPoint(null),
    onKeyDown: (event: KeyboardEvent) => event.key === 'Escape' && place.onEscape(),
  };
}

function RowText({ row: { data } }: { row: SourceRow }) {
  if (!data) return <p className="mt-1 text-muted">The text of this row is not public; its share stands.</p>;
  return Object.values(data).map((value, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: fields of one row, fixed order
    <p key={i} className={i === 0 ? 'mt-1 font-medium' : 'text-muted'}>
      {value}
    </p>
  ));
}

/** How sure the influence is, what is paid for it, and over which roles. */
function Credit({ credit: { sigmas, sharePpm, roles } }: { credit: NonNullable<SourceRow['credit']> }) {
  const others = roles.filter((part) => part.role !== 'collect' || roles.length > 1);
  return (
    <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-muted">
      <Confidence sigmas={sigmas} />
      <span>
        {sharePpm > 0 ? (
          <>
            paid by name <span className="figures">{percent(sharePpm)}</span>
          </>
        ) : (
          'not paid by name'
        )}
      </span>
      {sharePpm > 0 && others.length > 0 && (
        <span>
          {others
            .map(({ role, sharePpm: part }, i) => `${i > 0 ? ' · ' : ''}${roleWords[role]} ${percent(part)}`)
            .join('')}
        </span>
      )}
    </p>
  );
}

const roleWords: Record<LineageRole, string> = {
  collect: 'contributed',
  clean: 'cleaned',
  translate: 'translated',
  label: 'corrected',
  review: 'reviewed',
  feedback: 'reported',
};

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
