import type { AnswerThread } from '#lib/attribution/types.ts';

/** A stretch of the answer that is drawn as one thread; overlapping matches are one stretch, each row keeps its own words. */
export type Thread = {
  /** From 1, in the order of reading. */
  number: number;
  start: number;
  end: number;
  /** Of its rarest match, see AnswerThread. */
  millibits: number;
  /** Rows that have words of it, those with the rarest first; `quote` is what stands in the row. */
  sources: { exampleId: string; quote: { start: number; end: number } }[];
};

/**
 * Threads of an answer from its matches, which come rarest first. What lies beyond the text (an answer that was stopped here and
 * went on for a moment on the server) is cut off.
 */
export function weaveThreads(spans: readonly AnswerThread[], text: string): Thread[] {
  const woven: Omit<Thread, 'number'>[] = [];
  const visible = spans
    .map((span) => ({ ...span, ...trimmed(text, span) }))
    .filter(({ startChar, endChar }) => startChar < endChar);
  for (const span of visible.toSorted((a, b) => a.startChar - b.startChar)) {
    const { startChar: start, endChar: end, millibits } = span;
    const last = woven.at(-1);
    if (!last || start >= last.end) {
      woven.push({ start, end, millibits, sources: [] });
      continue;
    }
    last.end = Math.max(last.end, end);
    last.millibits = Math.max(last.millibits, millibits);
  }
  for (const { startChar, endChar, exampleIds } of visible) {
    const thread = woven.find(({ start, end }) => startChar >= start && endChar <= end)!;
    for (const exampleId of exampleIds) {
      if (thread.sources.every((source) => source.exampleId !== exampleId))
        thread.sources.push({ exampleId, quote: { start: startChar, end: endChar } });
    }
  }
  return woven.map((thread, i) => ({ number: i + 1, ...thread }));
}

/** Tokens begin with the space before a word, which nobody quotes. */
function trimmed(text: string, { startChar, endChar }: AnswerThread): { startChar: number; endChar: number } {
  const quote = text.slice(startChar, endChar);
  const start = startChar + quote.length - quote.trimStart().length;
  return { startChar: start, endChar: start + quote.trim().length };
}

/** The rows of all threads with the numbers of theirs: those of the rarest stretch first. */
export function rowsOfThreads(threads: readonly Thread[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const { sources, number } of threads.toSorted((a, b) => b.millibits - a.millibits)) {
    for (const { exampleId } of sources)
      rows.set(
        exampleId,
        [...(rows.get(exampleId) ?? []), number].sort((a, b) => a - b),
      );
  }
  return rows;
}
