export type MatchSpan = { start: number; end: number; exampleId: string };

const word = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

/**
 * Spans of an answer that stand word for word in a row, longest first, at least `minWords` words, not overlapping. This is
 * "matches text": evidence that a reader can check, not a claim about influence. Cost: O(answer words × row words) a row.
 */
export function findMatches(answer: string, rows: { exampleId: string; text: string }[], minWords = 4): MatchSpan[] {
  const words = [...answer.matchAll(word)].map((m) => ({
    text: m[0].toLowerCase(),
    start: m.index,
    end: m.index + m[0].length,
  }));
  const found: MatchSpan[] = [];
  for (const { exampleId, text } of rows) {
    const row = [...text.matchAll(word)].map((m) => m[0].toLowerCase());
    for (let i = 0; i + minWords <= words.length; ) {
      const length = longestAt(
        words.map((w) => w.text),
        i,
        row,
      );
      if (length >= minWords) found.push({ start: words[i]!.start, end: words[i + length - 1]!.end, exampleId });
      i += Math.max(1, length >= minWords ? length : 1);
    }
  }
  return withoutOverlaps(found);
}

function longestAt(words: string[], at: number, row: string[]): number {
  let best = 0;
  for (let j = 0; j < row.length; j++) {
    let length = 0;
    while (at + length < words.length && j + length < row.length && words[at + length] === row[j + length]) length++;
    if (length > best) best = length;
  }
  return best;
}

function withoutOverlaps(spans: MatchSpan[]): MatchSpan[] {
  const kept: MatchSpan[] = [];
  for (const span of [...spans].sort((a, b) => b.end - b.start - (a.end - a.start))) {
    if (kept.every((other) => span.end <= other.start || span.start >= other.end)) kept.push(span);
  }
  return kept.sort((a, b) => a.start - b.start);
}
