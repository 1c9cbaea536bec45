import { useState } from 'react';
import { flushSync } from 'react-dom';
import { SourceRows } from '#components/receipts/source-rows.tsx';
import { Button } from '#components/ui/button.tsx';
import { isOff } from '#lib/kernel/answer-payout.ts';
import { SourceHeading } from './source-heading.tsx';
import type { AnswerSources, Issued } from './sources-of.ts';
import type { Switches } from './use-switches.ts';

const nothing: ReadonlySet<string> = new Set();
/** Rows that stand at first, so that what stands below is found; a receipt may name hundreds. */
const rowsAtFirst = 5;
const rowsMore = 25;

/**
 * Rows whose training stands out of the noise of this answer, strongest first, each with a switch that leaves it out of the
 * computation; the further ones by a press.
 */
export function InfluentialRows(props: {
  issued: Issued;
  sources: AnswerSources;
  switches: Switches;
  itemId: (id: string) => string;
}) {
  const { issued, sources, switches, itemId } = props;
  const [shown, setShown] = useState(rowsAtFirst);
  const left = sources.influential.length - shown;
  const showMore = () => {
    const next = sources.influential[shown]!;
    flushSync(() => setShown(shown + rowsMore));
    document.getElementById(itemId(next.exampleId))?.focus(); // the pressed button may be gone
  };
  const isLeftOut = (row: AnswerSources['influential'][number]) =>
    isOff({ exampleId: row.exampleId, roles: row.credit?.roles ?? [] }, switches.off);
  return (
    <section aria-label="Estimated influence">
      <SourceHeading title="Estimated influence" method={issued.body.attribution.method} how="influence">
        Rows whose training made these very words likelier, as far as that can be told from the noise. An estimate, not
        a proof.
      </SourceHeading>
      {sources.influential.length === 0 && (
        <p className="text-sm" data-no-source>
          No confident source: no row stood out of the noise of this answer.
        </p>
      )}
      <SourceRows
        rows={sources.influential.slice(0, shown)}
        version={issued.body.datanet.number}
        place={{
          ...{ lit: nothing, itemId, isOff: isLeftOut },
          onPoint: () => {},
          onEscape: () => {},
          aside: (row) => (
            <Button
              size="sm"
              className="mt-2"
              aria-pressed={switches.off.rows.has(row.exampleId)}
              disabled={isLeftOut(row) && !switches.off.rows.has(row.exampleId)}
              onClick={() => switches.row(row.exampleId)}
            >
              {switches.off.rows.has(row.exampleId) ? 'Count this row again' : 'Leave this row out'}
            </Button>
          ),
        }}
      />
      {left > 0 && (
        <Button size="sm" variant="quiet" className="mt-2" onClick={showMore}>
          {left <= rowsMore ? `Show ${left} more` : `Show ${rowsMore} more of ${left}`}
        </Button>
      )}
    </section>
  );
}
