'use client';

import type { MouseEvent } from 'react';
import { SourceRows } from '#components/receipts/source-rows.tsx';
import { Button } from '#components/ui/button.tsx';
import type { AnswerThreads } from '#lib/attribution/types.ts';
import { SourceHeading } from './source-heading.tsx';
import type { AnswerSources, Issued } from './sources-of.ts';
import type { ThreadFocus } from './threads/use-thread-focus.ts';

/** Rows that stand at first; the others by one press. */
const rowsShown = 6;

/** Rows in which stretches of the answer stand word for word. Quotation, kept apart from influence: it moves no share. */
export function MatchingRows(props: {
  issued: Issued;
  sources: AnswerSources;
  found: AnswerThreads | null;
  focus: ThreadFocus;
}) {
  const { issued, sources, found, focus } = props;
  const { followed, threads } = focus;
  const all = focus.listed.flatMap((exampleId) => sources.matching.get(exampleId) ?? []);
  const rows = followed === null ? all.slice(0, rowsShown) : all;
  return (
    <section aria-label="Matches text" className="mt-8">
      <SourceHeading title="Matches text" method="suffix index, longest and rarest first" how="matches">
        Stretches of the answer that stand word for word in training rows. Quotation, not influence: it moves no share.
      </SourceHeading>
      <output className="sr-only" aria-live="polite">
        {followed !== null && `Stretch ${followed} of ${threads.length}, ${sourcesText(rows.length)}`}
      </output>
      {followed !== null && (
        <p className="flex flex-wrap items-center gap-x-3 text-sm">
          Stretch {followed} of {threads.length}: {sourcesText(rows.length)}
          <Button size="sm" variant="quiet" onClick={focus.letGo}>
            Show all rows
          </Button>
        </p>
      )}
      {rows.length === 0 && <p className="text-sm text-muted">{emptyText(issued, found)}</p>}
      <SourceRows
        rows={rows}
        version={issued.body.datanet.number}
        place={{
          lit: focus.litRows,
          onPoint: (row) => focus.point(row === null ? null : { row }),
          itemId: focus.rowId,
          isOff: () => false,
          aside: (row) => <Stretches numbers={focus.rows.get(row.exampleId) ?? []} focus={focus} />,
          onEscape: focus.letGo,
        }}
      />
      {all.length > rows.length && (
        <p className="mt-2 text-xs text-muted">
          {all.length - rows.length} more rows: choose a stretch to see all of its rows.
        </p>
      )}
      {found && found.hidden > 0 && rows.length > 0 && (
        <p className="mt-2 text-xs text-muted">{hiddenText(found.hidden)}</p>
      )}
    </section>
  );
}

/** From a row back to its stretches of the answer. */
function Stretches({ numbers, focus }: { numbers: number[]; focus: ThreadFocus }) {
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-muted">
      {numbers.length === 1 ? 'Stretch' : 'Stretches'}
      {numbers.map((number) => (
        <a
          key={number}
          href={`#${focus.threadId(number)}`}
          aria-label={`To stretch ${number} of ${focus.threads.length} in the answer`}
          className="link figures inline-flex min-h-6 min-w-6 items-center justify-center text-ink"
          onClick={(event: MouseEvent) => {
            event.preventDefault();
            focus.toThread(number);
          }}
        >
          {number}
        </a>
      ))}
    </p>
  );
}

function sourcesText(count: number): string {
  return count === 1 ? '1 source' : `${count} sources`;
}

function emptyText({ body }: Issued, found: AnswerThreads | null): string {
  if (!body.attribution.spans)
    return 'This model was trained before there was a suffix index, so nothing was looked up.';
  if (body.attribution.spans.count === 0) return 'No stretch of six tokens or more stands word for word in a row.';
  if (found && found.hidden > 0) return hiddenText(found.hidden);
  return found ? 'No match is left to show.' : 'Looking up where…';
}

function hiddenText(hidden: number): string {
  const what = hidden === 1 ? '1 stretch stands' : `${hidden} stretches stand`;
  return `${what} only in private or withdrawn rows. Where is not shown, because it would tell their words.`;
}
