import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmfulRows } from './harmful-rows.ts';

const score = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -5n, max: 5n }),
  fc.constantFrom(-(2n ** 63n), -(2n ** 32n), -(2n ** 32n) - 1n, 1n - 2n ** 32n, -(2n ** 31n)),
);
const cut = fc.oneof(
  fc.bigInt({ min: 0n, max: 5n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n }),
  fc.constantFrom(2n ** 32n, 2n ** 32n - 1n, 2n ** 63n, 2n ** 63n - 1n),
);

describe('harmfulRows', () => {
  it('are the rows under the negated cut, the strongest first, at most 50', () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 120 }), cut, (scores, least) => {
        const expected = scores
          .map((value, row) => ({ value, row }))
          .filter(({ value }) => value < -least)
          .sort((a, b) => Number(a.value > b.value) - Number(a.value < b.value) || a.row - b.row)
          .slice(0, 50);
        expect(harmfulRows(BigInt64Array.from(scores), least)).toEqual(expected.map(({ row }) => row));
      }),
      { numRuns: 300 },
    );
  });

  it('are no more than 50, those of equal score in index order', () => {
    const scores = BigInt64Array.from({ length: 120 }, (_, row) => (row === 90 ? -9n : -8n));
    expect(harmfulRows(scores, 1n)).toEqual([90, ...Array.from({ length: 49 }, (_, row) => row)]);
  });
});
