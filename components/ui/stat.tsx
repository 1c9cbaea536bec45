import Link from 'next/link';
import type { ReactNode } from 'react';

/** One figure with its name. With `href`, the figure links to the query or page that proves it. */
export function Stat({
  label,
  value,
  note,
  href,
}: {
  label: ReactNode;
  value: ReactNode;
  note?: ReactNode;
  href?: string;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <dt className="label-small">{label}</dt>
      <dd className="figures text-lg leading-8 font-medium [overflow-wrap:anywhere] [&_time]:whitespace-normal min-[420px]:text-2xl md:max-lg:text-xl [&_data>span]:text-sm">
        {href ? (
          <Link href={href} className="link">
            {value}
          </Link>
        ) : (
          value
        )}
      </dd>
      {note && <dd className="text-xs text-muted">{note}</dd>}
    </div>
  );
}

/** Figures side by side; two in a row on small screens. */
export function StatRow({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-6 min-[420px]:gap-x-8 md:grid-flow-col md:auto-cols-fr md:grid-cols-none">
      {children}
    </dl>
  );
}
