import { cx } from '#components/ui/cx.ts';
import type { ExampleRow, Improves } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { WordDiff } from '../word-diff.tsx';

const whatHappens: Record<Improves['role'], string> = {
  clean: 'Cleaned version: replaces the older row from the next version on.',
  label: 'Corrected answer: replaces the older row from the next version on.',
  translate: 'Translation: stands beside its original.',
};

/** A proposed better version as a curator needs it: what changed, why, and what accepting does. */
export function ProposedChange({
  row,
  improves,
  fields,
}: {
  row: ExampleRow;
  improves: Improves;
  fields: readonly DatanetField[];
}) {
  const { before, role, note } = improves;
  const isShownAsChange = before !== null && role !== 'translate';
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm">
        <span className="font-medium">{whatHappens[role]}</span> {note}
      </p>
      <dl className="flex flex-col gap-2">
        {fields.map((field, i) => {
          const [old, young] = [before?.[field.name] ?? '', row.data?.[field.name] ?? ''];
          return (
            <div key={field.name}>
              <dt className="label-small">{field.label}</dt>
              <dd className={cx('prose-measure whitespace-pre-wrap', i === 0 && 'font-medium')}>
                {isShownAsChange ? <WordDiff before={old} after={young} /> : young}
              </dd>
              {role === 'translate' && before && (
                <dd className="prose-measure mt-1 whitespace-pre-wrap text-muted">{old}</dd>
              )}
            </div>
          );
        })}
      </dl>
      {before === null && <p className="text-sm text-muted">The author of the older row has withdrawn it.</p>}
    </div>
  );
}
