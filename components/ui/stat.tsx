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
    <div className="flex flex-col gap-1">
      <dt className="label-small">{label}</dt>
      <dd className="figures text-2xl leading-8 font-medium [&_data>span]:text-sm">
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

/** Figures side by side, hairlines between; wraps to one column on small screens. */
export function StatRow({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-1 gap-x-8 gap-y-6 min-[420px]:grid-cols-2 md:grid-flow-col md:auto-cols-fr md:grid-cols-none">
      {children}
    </dl>
  );
}
