'use client';

import { useId, useState } from 'react';
import { flushSync } from 'react-dom';
import { rowsOfThreads, type Thread } from './weave-threads.ts';

/** What the reader points at (by mouse or focus), and which thread's rows are listed alone. */
type Place = { thread: number } | { row: string } | null;

export type ThreadFocus = ReturnType<typeof useThreadFocus>;

/**
 * The two ends of each thread: stretches of the answer, and rows. Pointing at one end lights the other; following a thread
 * moves the focus to its other end, so that both ways can be gone by keyboard.
 */
export function useThreadFocus(threads: readonly Thread[]) {
  const id = useId();
  const [pointed, setPointed] = useState<Place>(null);
  const [followed, setFollowed] = useState<number | null>(null);
  const rows = rowsOfThreads(threads);
  const threadId = (number: number) => `${id}thread-${number}`;
  const rowId = (exampleId: string) => `${id}row-${exampleId}`;
  const at = pointed ?? (followed === null ? null : { thread: followed });
  const litThreads = new Set(at === null ? [] : 'thread' in at ? [at.thread] : rows.get(at.row));
  const litRows = new Set(
    at === null ? [] : 'row' in at ? [at.row] : threads[at.thread - 1]?.sources.map(({ exampleId }) => exampleId),
  );
  const shown = followed === null ? null : threads[followed - 1];
  return {
    ...{ threads, rows, followed, litThreads, litRows, threadId, rowId, point: setPointed },
    /** Rows to list: those of the followed thread, else all. */
    listed: shown ? shown.sources.map(({ exampleId }) => exampleId) : [...rows.keys()],
    /** From a stretch to the first of its rows. */
    toRows(number: number) {
      flushSync(() => setFollowed(number)); // the row must be in the list before it can have the focus
      const first = threads[number - 1]?.sources[0];
      if (first) focusOn(rowId(first.exampleId));
    },
    /** From a row to a stretch. */
    toThread(number: number) {
      focusOn(threadId(number));
    },
    /** Lists all rows again; the focus goes back to the stretch it came from. */
    letGo() {
      setPointed(null);
      if (followed === null) return;
      flushSync(() => setFollowed(null));
      focusOn(threadId(followed));
    },
  };
}

function focusOn(elementId: string): void {
  const element = document.getElementById(elementId);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'nearest' });
}
