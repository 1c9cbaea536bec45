'use client';

import { useEffect, useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { ExampleRow } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { ActionProblem } from '../action-problem.tsx';
import { ReviewRow } from './review-row.tsx';
import { type ReviewAction, useReview } from './use-review.ts';

/**
 * Rows that wait, oldest first. With the keyboard: J and K move, A accepts, R rejects with a reason, X selects. Many at once
 * by selecting. Authors without the role see their own rows and no decisions.
 */
export function ReviewQueue({
  datanetId,
  slug,
  rows: serverRows,
  fields,
  you,
  canDecide,
  inRounds,
  review,
}: {
  datanetId: string;
  slug: string;
  rows: readonly ExampleRow[];
  fields: readonly DatanetField[];
  you: string | null;
  canDecide: boolean;
  /** Rows that validators have now; no curator decides about them meanwhile. */
  inRounds: readonly string[];
  review: ReviewAction;
}) {
  const { gone, busy, error, decide } = useReview(datanetId, review);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [rejecting, setRejecting] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const next = useRef<string | null>(null);
  const rows = serverRows.filter((row) => !gone.has(row.id));
  const mayDecide = (row: ExampleRow) => row.contributor !== you && !inRounds.includes(row.id);
  const open = rows.filter(mayDecide);
  // What the guard holds is accepted one by one.
  const easy = open.filter((row) => !row.card?.held);
  const chosen = open.filter((row) => selected.has(row.id)).map((row) => row.id);

  useEffect(() => {
    // After a decision the focus stands on the row that followed, so that the keyboard goes on.
    if (!next.current) return;
    list.current?.querySelector<HTMLElement>(`[data-row="${next.current}"]`)?.focus();
    next.current = null;
  });

  const toggle = (id: string, on: boolean) =>
    setSelected((old) => (on ? new Set([...old, id]) : new Set([...old].filter((other) => other !== id))));
  const settle = async (ids: string[], decision: 'accept' | 'reject', reason?: string) => {
    const at = rows.findIndex((row) => row.id === ids.at(-1));
    next.current = rows[at + 1]?.id ?? null;
    if (await decide(ids, decision, reason)) {
      setRejecting(null);
      setSelected((old) => new Set([...old].filter((id) => !ids.includes(id))));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const typing = target.matches('input:not([type=checkbox]), textarea, select, [role=dialog] *');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex((row) => row.id === target.closest('[data-row]')?.getAttribute('data-row'));
    const row = rows[at];
    const decidable = canDecide && row && mayDecide(row) && !busy;
    const focus = (to: number) =>
      list.current
        ?.querySelector<HTMLElement>(`[data-row="${rows[Math.min(Math.max(to, 0), rows.length - 1)]?.id}"]`)
        ?.focus();
    if (event.key === 'j') focus(at + 1);
    else if (event.key === 'k') focus(at - 1);
    else if (event.key === 'a' && decidable) void settle([row.id], 'accept');
    else if (event.key === 'r' && decidable) setRejecting(row.id);
    else if (event.key === 'x' && decidable) toggle(row.id, !selected.has(row.id));
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });

  return (
    <div className="flex flex-col gap-4">
      {canDecide && (
        <div className="sticky top-14 z-10 flex flex-wrap items-center gap-3 border-b border-hairline bg-paper py-3">
          <Button
            variant="primary"
            size="sm"
            busy={busy}
            disabled={chosen.length === 0}
            onClick={() => settle(chosen, 'accept')}
          >
            Accept {chosen.length} selected
          </Button>
          <Button
            size="sm"
            variant="quiet"
            onClick={() => setSelected(chosen.length === easy.length ? new Set() : new Set(easy.map((row) => row.id)))}
          >
            {chosen.length === easy.length && easy.length > 0 ? 'Select none' : `Select all ${easy.length}`}
          </Button>
          <p className="ml-auto hidden text-xs text-muted md:block">
            <Key>J</Key> <Key>K</Key> move · <Key>A</Key> accept · <Key>R</Key> reject · <Key>X</Key> select
          </p>
        </div>
      )}
      <ActionProblem error={error} />
      <ol ref={list} className="flex flex-col">
        {rows.map((row) => (
          <ReviewRow
            key={row.id}
            row={row}
            slug={slug}
            fields={fields}
            own={row.contributor === you}
            canDecide={canDecide}
            inRound={inRounds.includes(row.id)}
            selected={selected.has(row.id)}
            rejecting={rejecting === row.id}
            busy={busy}
            onSelect={(on) => toggle(row.id, on)}
            onAccept={() => settle([row.id], 'accept')}
            onReject={(reason) => settle([row.id], 'reject', reason)}
            onRejecting={(on) => setRejecting(on ? row.id : null)}
          />
        ))}
      </ol>
    </div>
  );
}

function Key({ children }: { children: string }) {
  return <kbd className="figures rounded-sm border border-border px-1">{children}</kbd>;
}
