import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Status } from '#components/ui/status.tsx';
import type { DatanetField, VersionChange, VersionComparison } from '#lib/datanets/types.ts';
import { WordDiff } from './word-diff.tsx';

const words: Record<VersionChange['kind'], { text: string; tone: 'good' | 'bad' | 'info' }> = {
  added: { text: 'new', tone: 'good' },
  removed: { text: 'no longer in it', tone: 'bad' },
  changed: { text: 'replaced by a better version', tone: 'info' },
};

/** What one version has that another has not: counts, then row by row. */
export function VersionChanges({
  comparison: { from, to, counts, items },
  fields,
  slug,
}: {
  comparison: VersionComparison;
  fields: readonly DatanetField[];
  slug: string;
}) {
  if (items.length === 0) {
    return (
      <EmptyState title="The same rows">
        Versions {from.number} and {to.number} have the same rows.
      </EmptyState>
    );
  }
  const count = (n: number, what: string) => `${n.toLocaleString('en')} ${what}`;
  return (
    <div className="flex flex-col gap-2">
      <p className="figures">
        {[count(counts.added, 'new'), count(counts.changed, 'replaced'), count(counts.removed, 'no longer in it')].join(
          ' · ',
        )}
      </p>
      <ol className="flex flex-col">
        {items.map((change) => (
          <li key={change.exampleId} className="flex flex-col gap-2 border-b border-hairline py-4">
            <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
              <Status tone={words[change.kind].tone}>{words[change.kind].text}</Status>
              <Address address={change.contributor} copy={false} />
              <Link href={`/datanets/${slug}/rows/${change.exampleId}`} className="link">
                See the row
              </Link>
            </p>
            <ChangedText change={change} fields={fields} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function ChangedText({
  change: { data, before, kind },
  fields,
}: {
  change: VersionChange;
  fields: readonly DatanetField[];
}) {
  if (!data) return <p className="text-sm text-muted">Withdrawn by its author.</p>;
  return (
    <dl className="flex flex-col gap-2">
      {fields.map(({ name, label }, i) => (
        <div key={name}>
          <dt className="sr-only">{label}</dt>
          <dd
            className={i === 0 ? 'prose-measure font-medium whitespace-pre-wrap' : 'prose-measure whitespace-pre-wrap'}
          >
            {kind === 'changed' && before ? (
              <WordDiff before={before[name] ?? ''} after={data[name] ?? ''} />
            ) : (
              data[name]
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
