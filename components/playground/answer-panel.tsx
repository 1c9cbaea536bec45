'use client';

import Link from 'next/link';
import { useMemo, useState } from 'react';
import { findMatches, type MatchSpan } from '#components/receipts/find-matches.ts';
import { RowsRead, rowsReadSummary } from '#components/receipts/rows-read.tsx';
import { ShareBars } from '#components/receipts/share-bars.tsx';
import { sharesNote } from '#components/receipts/shares-note.ts';
import { type SourceRow, SourceRows } from '#components/receipts/source-rows.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { readShares } from '#lib/kernel/read-shares.ts';
import { ThreadedAnswer } from './threaded-answer.tsx';
import type { AnswerState } from './use-answer.ts';
import { useReceipt } from './use-receipt.ts';

/** Answer on the left, threads to its sources on the right once they are computed; below, what it cost and who earns. */
export function AnswerPanel({ answer, protocolFeeBps }: { answer: AnswerState; protocolFeeBps: number }) {
  const [active, setActive] = useState<string | null>(null);
  const ended = answer.status === 'done' || answer.status === 'stopped';
  const receipt = useReceipt(ended ? answer.receiptId : null);
  const issued = receipt?.state === 'issued' ? receipt : null;
  const sources = useMemo(() => (issued ? sourcesOf(issued, answer.text) : noSources), [issued, answer.text]);
  const contributorOf = (exampleId: string) =>
    [...sources.rows, ...sources.matched].find((row) => row.exampleId === exampleId)?.contributor ?? exampleId;

  return (
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-[1fr_26rem]">
      <div className="flex min-w-0 flex-col gap-6" aria-busy={answer.status === 'streaming'}>
        <div aria-live="polite">
          <ThreadedAnswer
            text={answer.text}
            spans={sources.spans}
            contributorOf={contributorOf}
            active={active}
            onPoint={setActive}
          />
          {answer.status === 'waiting' && <p className="animate-pulse-soft text-muted">Thinking…</p>}
        </div>
        <AnswerCost answer={answer} />
        {issued && <Earnings issued={issued} protocolFeeBps={protocolFeeBps} />}
      </div>
      <aside
        aria-label="Sources of this answer"
        className="min-w-0 border-t border-hairline pt-4 lg:border-t-0 lg:border-l lg:pt-0 lg:pl-6"
      >
        <h2 className="title-section mb-3">Sources</h2>
        {!ended && (
          <p className="text-sm text-muted">When the answer is complete, the rows that shaped it stand here.</p>
        )}
        {ended && !issued && receipt?.state !== 'not-attributed' && (
          <Status tone="info" live>
            Scoring every training row…
          </Status>
        )}
        {receipt?.state === 'not-attributed' && <p className="text-sm text-muted">{receipt.reason}</p>}
        {issued && sources.rows.length === 0 && (
          <p className="text-sm text-muted">No confident source: no row stood out of the noise of this answer.</p>
        )}
        {issued && <SourceRows rows={sources.rows} active={active} onPoint={setActive} />}
        <ReadSection rowsRead={answer.rowsRead} issued={issued} />
        {sources.matched.length > 0 && (
          <>
            <h2 className="title-section mt-6 mb-1">Matches text</h2>
            <p className="mb-2 text-sm text-muted">
              Underlined stretches stand word for word in these rows. Quotation, not influence: it moves no share.
            </p>
            <SourceRows rows={sources.matched} active={active} onPoint={setActive} />
          </>
        )}
      </aside>
    </div>
  );
}

/** Rows that stood in the prompt: apart from influence, because reading at the time and training before are two causes. */
function ReadSection({ rowsRead, issued }: { rowsRead: string[] | null; issued: Issued | null }) {
  if (rowsRead === null) return null;
  const retrieval = issued?.body.version === 2 ? issued.body.attribution.retrieval : undefined;
  return (
    <section aria-label="Rows read">
      <h2 className="title-section mt-6 mb-1">Rows read</h2>
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

type Issued = Extract<ReturnType<typeof useReceipt>, { state: 'issued' }>;
type Sources = { rows: SourceRow[]; matched: SourceRow[]; spans: MatchSpan[] };
const noSources: Sources = { rows: [], matched: [], spans: [] };

/** The receipt names the rows that match; where, is found here, because only this browser and the caller have the answer. */
function sourcesOf(issued: Issued, answer: string): Sources {
  const rowOf = ({ exampleId, contributor }: { exampleId: string; contributor: string }) => ({
    ...{ exampleId, contributor },
    data: issued.rows[exampleId]?.data ?? null,
    datanetSlug: issued.rows[exampleId]?.datanetSlug ?? null,
  });
  const texts = issued.matches.map(({ exampleId }) => ({
    exampleId,
    text: Object.values(issued.rows[exampleId]?.data ?? {}).join(' '),
  }));
  const matched = issued.matches.slice(0, 12);
  return {
    spans: findMatches(answer, texts),
    rows: readShares(issued.body)
      .rows.slice(0, 12)
      .map((row) => ({ ...rowOf(row), credit: row, matches: 0, copies: issued.copies[row.exampleId] })),
    matched: matched.map((row) => ({ ...rowOf(row), credit: null, matches: row.spans })),
  };
}

function AnswerCost({ answer }: { answer: AnswerState }) {
  if (!answer.receiptId) return null;
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-2 border-t border-hairline pt-3 text-sm">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <div className="flex gap-2">
          <dt className="text-muted">Held</dt>
          <dd>{answer.ceilingWei !== null && <Amount wei={answer.ceilingWei} digits={6} />}</dd>
        </div>
        {answer.feeWei !== null && (
          <div className="flex gap-2">
            <dt className="text-muted">Charged</dt>
            <dd>
              {answer.feeWei === 0n ? (
                'nothing (free answer)'
              ) : (
                <Amount wei={answer.feeWei} digits={6} className="text-accent" />
              )}
            </dd>
          </div>
        )}
      </dl>
      {answer.status === 'stopped' && <Status tone="warn">Stopped: charged for what was written</Status>}
      <Link className="link" href={`/receipts/${answer.receiptId}`}>
        Receipt
      </Link>
    </div>
  );
}

function Earnings({ issued, protocolFeeBps }: { issued: Issued; protocolFeeBps: number }) {
  const feeWei = BigInt(issued.body.feeWei);
  const netWei = feeWei - (feeWei * BigInt(protocolFeeBps)) / 10_000n;
  const poolWei = (netWei * BigInt(issued.body.split.data)) / 10_000n;
  const answer = readShares(issued.body);
  return (
    <section aria-label="Who earns">
      <h2 className="title-section mb-2">Who earns</h2>
      <p className="mb-2 text-sm text-muted">
        {sharesNote(answer)}{' '}
        {feeWei > 0n ? 'Exact to the wei when the reward period closes.' : 'A free answer pays nothing.'}
      </p>
      <ShareBars shares={answer.shares} rowsPpm={answer.rowsPpm} poolWei={poolWei} />
    </section>
  );
}
