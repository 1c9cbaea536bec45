import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightedReads } from './rows-of-pass.ts';

const example = (part: string, tenths?: number) => {
  const none = new Int32Array(0);
  return { id: '', ids: none, labels: none, mask: new Uint8Array(0), lossTokens: 1, part, tenths };
};
const of = (part: string, count: number, tenths: number) => Array.from({ length: count }, () => example(part, tenths));

describe('weightedReads', () => {
  it('leaves rows alone that are all read once', () => {
    expect(weightedReads([example('a'), example('b', 10)])).toBeNull();
  });

  it('reads equally many rows of a part in every pass, and none of them twice more often than another', () => {
    const parts = fc.array(
      fc.record({ rows: fc.integer({ min: 1, max: 40 }), tenths: fc.integer({ min: 1, max: 100 }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 8 }), (given, passes) => {
        fc.pre(given.some(({ tenths }) => tenths !== 10));
        const examples = given.flatMap(({ rows, tenths }, i) => of(`part ${i}`, rows, tenths));
        const reads = weightedReads(examples)!;
        const counts = examples.map(() => 0);
        for (let pass = 0; pass < passes; pass++) {
          const rows = reads.rowsOf(pass);
          expect(rows).toHaveLength(reads.rowsPerPass);
          for (const row of rows) counts[row]! += 1;
        }
        expect(counts).toEqual(reads.countsUntil(passes));
        let first = 0;
        for (const { rows, tenths } of given) {
          const own = counts.slice(first, first + rows);
          first += rows;
          expect(own.reduce((sum, count) => sum + count, 0)).toBe(
            passes * Math.max(1, Math.round((rows * tenths) / 10)),
          );
          expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 25 },
    );
  });
});
