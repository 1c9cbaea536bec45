import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noiseCut } from './noise-cut.ts';
import { quantise, scaleOne } from './quantise.ts';
import { selectNth } from './select-nth.ts';
import { referenceNoiseCut } from './test-support/reference-noise-cut.ts';

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
  fc.bigInt({ min: -5n, max: 5n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, -(2n ** 32n), 2n ** 32n, 2n ** 32n - 1n, 2n ** 31n, -1n),
);
const scoresOf = fc.array(int64, { maxLength: 60 });

describe('noiseCut', () => {
  it('is three robust standard deviations, in integers', () => {
    // Median 2, deviations 1 0 1 8 102 -> median deviation 1 (lower middle of 0 1 1 8 102).
    expect(noiseCut(BigInt64Array.of(1n, 2n, 3n, 10n, -100n))).toEqual({
      sigma: 1n,
      cut: 4n,
      rows: [3],
      creditSum: 6n,
      positiveSum: 16n,
    });
    expect(noiseCut(new BigInt64Array(0))).toMatchObject({ sigma: 0n, rows: [], creditSum: 0n });
  });

  it('is bit-equal to sorting bigints, for any 64-bit scores', () => {
    fc.assert(
      fc.property(scoresOf, (scores) => {
        expect(noiseCut(BigInt64Array.from(scores))).toEqual(referenceNoiseCut(scores));
      }),
      { numRuns: 300 },
    );
  });

  it('and for more rows than its sums take at a time', () => {
    const scores = new BigInt64Array(2 ** 20 + 3).fill(2n ** 62n + 2n ** 31n + 1n).fill(-7n, 0, 5);
    const { rows, ...sums } = noiseCut(scores);
    expect([rows[0], rows.length]).toEqual([5, 2 ** 20 - 2]);
    const sum = scores[9]! * (2n ** 20n - 2n);
    expect(sums).toEqual({ sigma: 0n, cut: 0n, creditSum: sum, positiveSum: sum });
  });

  it('does not depend on the order and scales with its unit', () => {
    const small = fc.array(fc.bigInt({ min: -(2n ** 45n), max: 2n ** 45n }), { minLength: 1 });
    fc.assert(
      fc.property(small, (scores) => {
        const { cut } = noiseCut(BigInt64Array.from(scores));
        expect(noiseCut(BigInt64Array.from([...scores].reverse())).cut).toBe(cut);
        expect(noiseCut(BigInt64Array.from(scores, (score) => score * 10_000n)).cut / 10_000n).toBe(cut);
      }),
    );
  });

  it('takes everything from rows that are noise and little from the row that stands out', () => {
    const noise = Array.from({ length: 99 }, (_, i) => BigInt(((i * 7919) % 2001) - 1000));
    const { rows, creditSum } = noiseCut(BigInt64Array.of(...noise, 50_000n));
    expect(rows).toEqual([99]);
    expect(creditSum).toBeGreaterThan(45_000n);
  });
});

describe('selectNth', () => {
  it('is the n-th of the sorted values, signed and unsigned', () => {
    fc.assert(
      fc.property(fc.array(int64, { minLength: 1, maxLength: 30 }), fc.nat(29), (values, place) => {
        const n = place % values.length;
        expect(selectNth(BigInt64Array.from(values), n)).toBe(BigInt64Array.from(values).sort()[n]);
        expect(selectNth(BigUint64Array.from(values), n)).toBe(BigUint64Array.from(values).sort()[n]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('quantise', () => {
  it('is off by at most half a step, and keeps zeros and signs', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 }), (values) => {
        const { codes, scale } = quantise(Float64Array.from(values));
        const step = scale / scaleOne;
        for (const [i, value] of values.entries()) {
          expect(Math.abs(codes[i]! * step - value)).toBeLessThanOrEqual(step * 0.5000001);
        }
        expect(step).toBeLessThanOrEqual(Math.max(...values.map(Math.abs)) / 127 + 1 / scaleOne);
      }),
    );
  });
});
