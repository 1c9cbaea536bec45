import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { threadColor } from '#components/ui/thread-color.ts';
import type { ReceiptRow } from '#lib/attribution/types.ts';
import { contributorOf } from '#lib/kernel/contributor-of.ts';
import type { ReceiptBody2 } from '#lib/kernel/receipt.ts';
import { percent } from './percent.ts';

export type RetrievalCredit = NonNullable<ReceiptBody2['attribution']['retrieval']>;

/** Rows that stood in the prompt, in its order, with what each one's being read did for the answer. */
export function RowsRead({ retrieval, rows }: { retrieval: RetrievalCredit; rows: Record<string, ReceiptRow> }) {
  return (
    <ol className="flex flex-col">
      {retrieval.rows.map(({ exampleId, sharePpm, roles }) => {
        const contributor = contributorOf(roles);
        const { data, datanetSlug } = rows[exampleId] ?? { data: null, datanetSlug: null };
        return (
          <li
            key={exampleId}
            className="border-b border-l-3 border-b-hairline py-3 pl-3 text-sm"
            style={{ borderLeftColor: threadColor(contributor) }}
          >
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <Address address={contributor} copy={false} />
              <span className="text-xs text-muted">
                for being read <span className="figures text-ink">{percent(sharePpm)}</span>
              </span>
            </div>
            <p className="mt-1 text-muted">
              {data
                ? Object.values(data).join(' — ')
                : 'The text of this row is not public any more; its share stands.'}
            </p>
            {datanetSlug && (
              <Link
                href={`/datanets/${datanetSlug}/rows/${exampleId}`}
                className="link inline-flex min-h-6 items-center text-xs text-muted"
              >
                {exampleId}
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** What the rows together did, in a sentence. */
export function rowsReadSummary({ rows, microNats, sharePpm }: RetrievalCredit): string {
  const stood = `${rows.length === 1 ? 'This row' : `These ${rows.length} rows`} stood before the question`;
  if (sharePpm === 0) return `${stood} and did not make the answer likelier, so nothing is paid for it.`;
  const times = Math.exp((microNats.at(-1)! - microNats[0]!) / 1e6);
  const likelier = times > 1000 ? 'more than a thousand' : times.toFixed(times < 10 ? 2 : 0);
  return `${stood} and made the answer ${likelier} times as likely. Measured on this answer with every selection of the rows; not an estimate.`;
}
