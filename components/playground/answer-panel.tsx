'use client';

import { useMemo } from 'react';
import { RowsRead, rowsReadSummary } from '#components/receipts/rows-read.tsx';
import { Status } from '#components/ui/status.tsx';
import { AnswerCost } from './answer-cost.tsx';
import { AnswerFeedback } from './answer-feedback.tsx';
import { Earnings } from './earnings.tsx';
import { InfluentialRows } from './influential-rows.tsx';
import { MatchingRows } from './matching-rows.tsx';
import { type AnswerSources, type Issued, sourcesOf } from './sources-of.ts';
import { ThreadedAnswer } from './threaded-answer.tsx';
import { useAnswerThreads } from './threads/use-answer-threads.ts';
import { useThreadFocus } from './threads/use-thread-focus.ts';
import { weaveThreads } from './threads/weave-threads.ts';
import type { AnswerState } from './use-answer.ts';
import { useReceipt } from './use-receipt.ts';
import { useSwitches } from './use-switches.ts';

/** Answer on the left, threads to its sources on the right once they are computed; below, what it cost and who earns. */
export function AnswerPanel(props: {
  answer: AnswerState;
  protocolFeeBps: number;
  /** Sources below the answer: two of these stand side by side. */
  narrow?: boolean;
}) {
  const { answer, protocolFeeBps } = props;
  const ended = answer.status === 'done' || answer.status === 'stopped';
  const receipt = useReceipt(ended ? answer.receiptId : null);
  const issued = receipt?.state === 'issued' ? receipt : null;
  const sources = useMemo(() => (issued ? sourcesOf(issued) : noSources), [issued]);
  const found = useAnswerThreads(issued?.receiptId ?? null);
  const threads = useMemo(() => weaveThreads(found?.spans ?? [], answer.text), [found, answer.text]);
  const focus = useThreadFocus(threads);
  const switches = useSwitches();
  const contributorOf = (exampleId: string) => sources.matching.get(exampleId)?.contributor ?? exampleId;

  if (answer.status === 'stopped' && answer.receiptId === null)
    return (
      <p className="text-sm text-muted">Stopped before its first word arrived. What was not written costs nothing.</p>
    );
  return (
    <div className={props.narrow ? 'flex flex-col gap-8' : 'grid grid-cols-1 gap-8 lg:grid-cols-[1fr_26rem]'}>
      <div className="flex min-w-0 flex-col gap-6" aria-busy={answer.status === 'streaming'}>
        <div aria-live={ended ? 'off' : 'polite'}>
          <ThreadedAnswer text={answer.text} focus={focus} contributorOf={contributorOf} />
          {answer.status === 'waiting' && <p className="animate-pulse-soft text-muted">Thinking…</p>}
          {threads.length > 0 && (
            <p className="mt-2 text-xs text-muted">
              Underlined and numbered stretches stand word for word in rows. Enter follows a thread to its rows and
              back, Escape lets go.
            </p>
          )}
        </div>
        <AnswerCost answer={answer} />
        {ended && answer.receiptId && answer.text.trim() && (
          <AnswerFeedback
            key={answer.receiptId}
            receiptId={answer.receiptId}
            question={answer.question}
            answer={answer.text.trim()}
          />
        )}
        {issued && <Earnings issued={issued} protocolFeeBps={protocolFeeBps} switches={switches} />}
      </div>
      <aside
        aria-label="Sources of this answer"
        className={`min-w-0 border-t border-hairline pt-4 ${props.narrow ? '' : 'lg:border-t-0 lg:border-l lg:pt-0 lg:pl-6'}`}
      >
        {!ended && (
          <p className="text-sm text-muted">When the answer is complete, the rows that shaped it stand here.</p>
        )}
        {ended && !issued && receipt?.state !== 'not-attributed' && (
          <Status tone="info" live>
            Scoring every training row…
          </Status>
        )}
        {receipt?.state === 'not-attributed' && <p className="text-sm text-muted">{receipt.reason}</p>}
        {issued && (
          <InfluentialRows
            {...{ issued, sources, switches }}
            itemId={(exampleId) => `${focus.rowId(exampleId)}-influence`}
          />
        )}
        <ReadSection rowsRead={answer.rowsRead} issued={issued} />
        {issued && <MatchingRows {...{ issued, sources, found, focus }} />}
      </aside>
    </div>
  );
}

const noSources: AnswerSources = { influential: [], matching: new Map() };

/** Rows that stood in the prompt: apart from influence, because reading at the time and training before are two causes. */
function ReadSection({ rowsRead, issued }: { rowsRead: string[] | null; issued: Issued | null }) {
  if (rowsRead === null) return null;
  const retrieval = issued && issued.body.version !== 1 ? issued.body.attribution.retrieval : undefined;
  return (
    <section aria-label="Rows read">
      <h2 className="title-section mt-8 mb-1">Rows read</h2>
      {rowsRead.length === 0 && (
        <p className="text-sm text-muted">No row has the words of the question, or none fits beside it.</p>
      )}
      {rowsRead.length > 0 && !retrieval && <p className="text-sm text-muted">{rowsRead.join(', ')}</p>}
      {issued && retrieval && (
        <>
          <p className="mb-2 text-sm text-muted">{rowsReadSummary(retrieval)}</p>
          <RowsRead retrieval={retrieval} rows={issued.rows} />
        </>
      )}
    </section>
  );
}
