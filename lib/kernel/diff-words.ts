export type WordRun = { kind: 'same' | 'gone' | 'new'; text: string };

/**
 * What changed between two texts, word by word (longest common subsequence), with the white space as it stands. Neighbours of
 * one kind are one run. Time and memory: words before × words after, without what both begin and end with.
 */
export function diffWords(before: string, after: string): WordRun[] {
  const split = (text: string): string[] => text.match(/\S+\s*/g) ?? [];
  const trimmed = (words: string[]) => words.map((word) => word.trim());
  const [old, young] = [split(before), split(after)];
  const runs: WordRun[] = [];
  for (const { kind, at } of align(trimmed(old), trimmed(young))) {
    const text = (kind === 'gone' ? old : young)[at]!;
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += text;
    else runs.push({ kind, text });
  }
  return runs;
}

/** Letters, marks and digits form a word; writing without spaces has a word a character. Case and punctuation are no words. */
const wordPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+|\p{S}/gu;
const wordsOf = (text: string): string[] => text.normalize('NFKC').toUpperCase().toLowerCase().match(wordPattern) ?? [];

/** Words put in, left out or replaced to make one text the other, and words of the longer text. */
export function countChangedWords(before: string, after: string): { changed: number; words: number } {
  const [old, young] = [wordsOf(before), wordsOf(after)];
  let changed = 0;
  let [gone, fresh] = [0, 0];
  for (const { kind } of align(old, young)) {
    if (kind === 'gone') gone++;
    else if (kind === 'new') fresh++;
    else {
      changed += Math.max(gone, fresh);
      [gone, fresh] = [0, 0];
    }
  }
  return { changed: changed + Math.max(gone, fresh), words: Math.max(old.length, young.length) };
}

type Step = { kind: WordRun['kind']; at: number };

/** `at` is a place in `a` for what is gone, in `b` for the rest. */
function align(a: readonly string[], b: readonly string[]): Step[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const steps: Step[] = Array.from({ length: head }, (_, at) => ({ kind: 'same', at }));
  steps.push(...alignMiddle(a, b, head, tail));
  for (let at = b.length - tail; at < b.length; at++) steps.push({ kind: 'same', at });
  return steps;
}

function alignMiddle(a: readonly string[], b: readonly string[], head: number, tail: number): Step[] {
  const [rows, width] = [a.length - head - tail, b.length - head - tail + 1];
  // common[i * width + j]: longest common subsequence of what follows places i and j of the middles.
  const common = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = width - 2; j >= 0; j--) {
      const same = a[head + i] === b[head + j];
      common[i * width + j] = same
        ? common[(i + 1) * width + j + 1]! + 1
        : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < width - 1) {
    if (i < rows && j < width - 1 && a[head + i] === b[head + j]) {
      steps.push({ kind: 'same', at: head + j++ });
      i++;
    } else if (j === width - 1 || (i < rows && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      steps.push({ kind: 'gone', at: head + i++ });
    } else steps.push({ kind: 'new', at: head + j++ });
  }
  return steps;
}
