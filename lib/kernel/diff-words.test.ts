import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countChangedWords, diffWords } from './diff-words.ts';

const text = fc
  .array(fc.constantFrom('the', 'bridge', 'opened', 'in', '1897', 'river'), { maxLength: 12 })
  .map((words) => words.join(' '));
const kept = (runs: ReturnType<typeof diffWords>, kinds: string[]) =>
  runs
    .filter((run) => kinds.includes(run.kind))
    .map((run) => run.text.trim())
    .join(' ')
    .split(/\s+/)
    .join(' ');

describe('diffWords', () => {
  it('gives both texts back, whatever they are', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const runs = diffWords(before, after);
        expect(kept(runs, ['same', 'gone'])).toBe(before);
        expect(kept(runs, ['same', 'new'])).toBe(after);
      }),
    );
  });

  it('marks the word that changed and nothing else', () => {
    expect(diffWords('The bridge opend in 1897.', 'The bridge opened in 1897.')).toEqual([
      { kind: 'same', text: 'The bridge ' },
      { kind: 'gone', text: 'opend ' },
      { kind: 'new', text: 'opened ' },
      { kind: 'same', text: 'in 1897.' },
    ]);
  });
});

describe('countChangedWords', () => {
  it.each([
    ['The bridge opend in 1897.', 'the Bridge OPENED, in 1897', 1, 5],
    ['one two three', 'one two three', 0, 3],
    ['one two three', 'two three four five', 3, 4],
    ['', 'new words', 2, 2],
    ['橋は開いた', '橋が開いた', 1, 5],
  ])('from %j to %j', (before, after, changed, words) => {
    expect(countChangedWords(before, after)).toEqual({ changed, words });
  });
});
