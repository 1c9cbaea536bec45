import Link from 'next/link';
import type { ReactNode } from 'react';

/** What a list of rows claims: its label, by which method it is found, and where that is explained. */
export function SourceHeading(props: { title: string; method: string; how: string; children: ReactNode }) {
  const { title, method, how, children } = props;
  return (
    <>
      <h2 className="title-section mb-1">{title}</h2>
      <p className="text-sm text-muted">{children}</p>
      <p className="mb-2 text-xs text-muted">
        Method: <span className="figures">{method}</span> ·{' '}
        <Link className="link" href={`/receipts/how#${how}`}>
          how
        </Link>
      </p>
    </>
  );
}
