import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSuffixArray } from './suffix-array.ts';

const withEnd = (symbols: readonly number[]): Int32Array => Int32Array.from([...symbols, 0]);

/** Sorts the suffixes by comparing them one with the other. */
function slowSuffixArray(text: Int32Array): number[] {
  const compare = (a: number, b: number): number => {
    let d = 0;
    while (text[a + d] === text[b + d]) d++;
    return text[a + d]! - text[b + d]!; // the unique 0 at the end settles it
  };
  return Array.from(text.keys()).sort((a, b) => (a === b ? 0 : compare(a, b)));
}

describe('buildSuffixArray', () => {
  it('orders suffixes as a comparison of each with each does', () => {
    const text = fc.oneof(
      fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 80 }), // long repeats: several levels of recursion
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 }),
    );
    fc.assert(
      fc.property(text, (symbols) => {
        const all = withEnd(symbols);
        expect(Array.from(buildSuffixArray(all, 61))).toEqual(slowSuffixArray(all));
      }),
      { numRuns: 500 },
    );
  });

  it('takes the empty text and repeats of every period', () => {
    expect(Array.from(buildSuffixArray(withEnd([]), 1))).toEqual([0]);
    for (let period = 1; period <= 5; period++) {
      const text = withEnd(Array.from({ length: 200 }, (_, i) => 1 + (i % period)));
      expect(Array.from(buildSuffixArray(text, period + 1))).toEqual(slowSuffixArray(text));
    }
  });
});
